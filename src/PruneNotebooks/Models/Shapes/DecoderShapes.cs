namespace PruneNotebooks.Models.Shapes;

/// <summary>Reads the size of a language model from a configuration.</summary>
static class DecoderShapes
{
    /// <summary>What the reference library takes where a file is silent.</summary>
    /// <remarks>No key-value heads: as many as query heads. No head size: the width divided by the heads. What a file cannot change: whether queries, keys and values have a bias, and a norm for each head's queries and keys.</remarks>
    sealed record Defaults(int Width, int FeedForward, int Layers, int Heads, int KeyValueHeads, int HeadSize, int Vocabulary, bool QkvBias, bool QkNorm);

    static readonly Dictionary<string, Defaults> Llamas = new()
    {
        ["llama"] = new(4096, 11008, 32, 32, 0, 0, 32000, QkvBias: false, QkNorm: false),
        ["mistral"] = new(4096, 14336, 32, 32, 8, 0, 32000, QkvBias: false, QkNorm: false),
        ["qwen2"] = new(4096, 22016, 32, 32, 32, 0, 151936, QkvBias: true, QkNorm: false),
        ["qwen3"] = new(4096, 22016, 32, 32, 32, 128, 151936, QkvBias: false, QkNorm: true),
        ["qwen2_vl_text"] = new(8192, 29568, 80, 64, 8, 0, 152064, QkvBias: true, QkNorm: false),
        ["qwen2_5_vl_text"] = new(8192, 29568, 80, 64, 8, 0, 152064, QkvBias: true, QkNorm: false),
        ["qwen3_vl_text"] = new(4096, 22016, 32, 32, 32, 128, 151936, QkvBias: false, QkNorm: true),
    };

    public static IEnumerable<string> Names => [.. Llamas.Keys, "gpt2", "gpt_neox"];

    public static bool Knows(string type) => Names.Contains(type);

    /// <param name="fields">The object that describes the language model.</param>
    /// <param name="type">Its type, e.g. <c>llama</c>.</param>
    /// <param name="tied">What the whole model's file says about tied embeddings.</param>
    public static DecoderShape Read(ConfigFields fields, string type, bool? tied)
    {
        fields.Refuse("quantization_config", "quantised weights");
        return type switch
        {
            "gpt2" => Gpt2(fields),
            "gpt_neox" => GptNeoX(fields),
            _ when Llamas.TryGetValue(type, out var defaults) => Llama(fields, defaults, tied ?? false),
            _ => throw fields.Unsupported("model_type", string.Join(", ", Names)),
        };
    }

    static DecoderShape Llama(ConfigFields fields, Defaults defaults, bool tied)
    {
        int d = fields.Size("hidden_size") ?? defaults.Width, m = fields.Size("intermediate_size") ?? defaults.FeedForward;
        int heads = fields.Size("num_attention_heads") ?? defaults.Heads;
        int headSize = fields.Size("head_dim") ?? (defaults.HeadSize > 0 ? defaults.HeadSize : fields.Divided(d, heads));
        int keyValueHeads = fields.Size("num_key_value_heads") ?? (defaults.KeyValueHeads > 0 ? defaults.KeyValueHeads : heads);
        var block = new BlockShape(d, heads, keyValueHeads, headSize, m, Gated: true);
        bool attentionBias = fields.Flag("attention_bias") ?? false, feedForwardBias = fields.Flag("mlp_bias") ?? false;
        long vectors = 2 * d
            + (defaults.QkvBias || attentionBias ? block.QueryWidth + 2 * block.KeyValueWidth : 0) + (attentionBias ? d : 0)
            + (feedForwardBias ? 2 * m + d : 0)
            + (defaults.QkNorm ? 2 * headSize : 0);
        return new()
        {
            Layers = fields.Size("num_hidden_layers") ?? defaults.Layers,
            Block = block with { Vectors = vectors },
            Vocabulary = fields.Size("vocab_size") ?? defaults.Vocabulary,
            TiedEmbeddings = tied,
            OtherParameters = d,
        };
    }

    static DecoderShape Gpt2(ConfigFields fields)
    {
        int d = fields.Size("n_embd") ?? 768, heads = fields.Size("n_head") ?? 12, m = fields.Size("n_inner") ?? 4 * d;
        return new()
        {
            Layers = fields.Size("n_layer") ?? 12,
            Block = new(d, heads, heads, fields.Divided(d, heads, "n_head"), m, Gated: false) { Vectors = BiasedVectors(d, m) },
            Vocabulary = fields.Size("vocab_size") ?? 50257,
            TiedEmbeddings = fields.Flag("tie_word_embeddings") ?? true,
            OtherParameters = (long)(fields.Size("n_positions") ?? 1024) * d + 2 * d,
        };
    }

    static DecoderShape GptNeoX(ConfigFields fields)
    {
        int d = fields.Size("hidden_size") ?? 6144, heads = fields.Size("num_attention_heads") ?? 64, m = fields.Size("intermediate_size") ?? 24576;
        bool attentionBias = fields.Flag("attention_bias") ?? true;
        return new()
        {
            Layers = fields.Size("num_hidden_layers") ?? 44,
            Block = new(d, heads, heads, fields.Divided(d, heads), m, Gated: false) { Vectors = BiasedVectors(d, m) - (attentionBias ? 0 : 4 * d) },
            Vocabulary = fields.Size("vocab_size") ?? 50432,
            TiedEmbeddings = fields.Flag("tie_word_embeddings") ?? false,
            OtherParameters = 2 * d,
        };
    }

    /// <summary>Two layer norms, and a bias for every matrix of an ungated block.</summary>
    public static long BiasedVectors(int d, int m) => 4L * d + 4 * d + m + d;
}
