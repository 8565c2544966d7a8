namespace PruneNotebooks.Models;

/// <summary>The shape of a language model (Llama's decoder).</summary>
public sealed record TextConfig
{
    /// <summary>The reference library's name of the architecture: <c>llama</c>.</summary>
    public required string ModelType { get; init; }

    /// <summary>Width of a hidden state.</summary>
    public required int HiddenSize { get; init; }

    /// <summary>Width inside the feed-forward part.</summary>
    public required int IntermediateSize { get; init; }

    /// <summary>Number of decoder layers.</summary>
    public required int Layers { get; init; }

    /// <summary>Number of query heads.</summary>
    public required int Heads { get; init; }

    /// <summary>Number of key and value heads; divides <see cref="Heads"/> (grouped-query attention if smaller).</summary>
    public required int KeyValueHeads { get; init; }

    /// <summary>Width of one head; even. Need not be <see cref="HiddenSize"/> / <see cref="Heads"/>.</summary>
    public required int HeadSize { get; init; }

    /// <summary>Longest sequence that the model was made for, in tokens.</summary>
    public required int MaxPositions { get; init; }

    /// <summary>Rows of the embedding table.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>Activation of the feed-forward part, e.g. <c>silu</c>.</summary>
    public required string HiddenAct { get; init; }

    /// <summary>What RMS normalisation adds to the mean square.</summary>
    public required double RmsNormEps { get; init; }

    /// <summary>How positions turn queries and keys.</summary>
    public required RopeConfig Rope { get; init; }

    /// <summary>Whether the output layer is the embedding table; then the files have no <c>lm_head</c>.</summary>
    public required bool TieEmbeddings { get; init; }

    /// <summary>Whether the four attention projections have a bias.</summary>
    public required bool AttentionBias { get; init; }

    /// <summary>Whether the three feed-forward projections have a bias.</summary>
    public required bool MlpBias { get; init; }

    internal static TextConfig From(ConfigFields fields)
    {
        fields.Refuse("quantization_config", "quantised weights");
        string type = fields.OneOf("model_type", absent: "llama", "llama");
        int hidden = fields.Size("hidden_size") ?? 4096, heads = fields.Size("num_attention_heads") ?? 32, positions = fields.Size("max_position_embeddings") ?? 2048;
        if (!fields.Has("head_dim") && hidden % heads != 0) throw fields.Wrong("num_attention_heads", $"a divisor of hidden_size = {hidden}");
        var config = new TextConfig
        {
            ModelType = type,
            HiddenSize = hidden,
            IntermediateSize = fields.Size("intermediate_size") ?? 11008,
            Layers = fields.Size("num_hidden_layers") ?? 32,
            Heads = heads,
            KeyValueHeads = fields.Size("num_key_value_heads") ?? heads,
            HeadSize = fields.Size("head_dim") ?? hidden / heads,
            MaxPositions = positions,
            VocabularySize = fields.Size("vocab_size") ?? 32000,
            HiddenAct = fields.OneOf("hidden_act", absent: "silu", Activations.Names),
            RmsNormEps = fields.Positive("rms_norm_eps") ?? 1e-6,
            Rope = RopeConfig.From(fields, positions),
            TieEmbeddings = fields.Flag("tie_word_embeddings") ?? false,
            AttentionBias = fields.Flag("attention_bias") ?? false,
            MlpBias = fields.Flag("mlp_bias") ?? false,
        };
        if (heads % config.KeyValueHeads != 0) throw fields.Wrong("num_key_value_heads", $"a divisor of num_attention_heads = {heads}");
        if (config.HeadSize % 2 != 0) throw fields.Wrong("head_dim", $"an even head size, for rotary positions turn pairs (it is {config.HeadSize})");
        return config;
    }
}
