using PruneNotebooks.Models.Shapes;
using static TorchSharp.torch;

namespace PruneNotebooks.Models;

/// <summary>Which tokens of the vision tower the projector gets.</summary>
public enum FeatureSelection
{
    /// <summary>The patches, without the class token.</summary>
    Default,

    /// <summary>All tokens, the class token first.</summary>
    Full,
}

/// <summary>A vision-language model of the LLaVA family (arXiv:2310.03744): vision tower, projector, language model.</summary>
public sealed record LlavaConfig
{
    /// <summary>The token id that stands for one visual token in a prompt.</summary>
    public required long ImageToken { get; init; }

    /// <summary>Activation between the two layers of the projector, e.g. <c>gelu</c>.</summary>
    public required string ProjectorAct { get; init; }

    /// <summary>Whether the projector's layers have a bias.</summary>
    public required bool ProjectorBias { get; init; }

    /// <summary>
    /// The hidden states of the vision tower that the projector gets, side by side, as written in the file: 0 is the input of the first
    /// block, <see cref="VisionConfig.Layers"/> the output of the last; negative numbers count from the end (-1 is the output of the last).
    /// </summary>
    public required IReadOnlyList<int> FeatureLayers { get; init; }

    /// <summary>Which tokens of those hidden states.</summary>
    public required FeatureSelection FeatureSelection { get; init; }

    /// <summary>The vision tower.</summary>
    public required VisionConfig Vision { get; init; }

    /// <summary>The language model.</summary>
    public required TextConfig Text { get; init; }

    /// <summary>The size of all parts: what they weigh and what they cost.</summary>
    public required NetworkShape Network { get; init; }

    /// <summary>The type that the weights are stored in; <see langword="null"/> if the file does not say.</summary>
    public ScalarType? StoredType { get; init; }

    /// <summary>Indices of <see cref="FeatureLayers"/> among the tower's hidden states, counted from the front.</summary>
    internal int[] FeatureStates() => [.. FeatureLayers.Select(layer => layer < 0 ? Vision.Layers + 1 + layer : layer)];

    /// <summary>How many layers there are; the feature layer is the block that makes the deepest of the feature states.</summary>
    internal ModelShape Shape() => new(Vision.Layers, FeatureStates().Max() - 1, Text.Layers);

    internal static LlavaConfig From(ConfigFields fields)
    {
        fields.Refuse("quantization_config", "quantised weights");
        if (fields.Text("model_type") != "llava") throw fields.Wrong("model_type", "\"llava\"");
        var vision = fields.Section("vision_config") is { } tower ? VisionConfig.From(tower) : VisionConfig.ClipLarge336;
        var text = TextConfig.From(fields.SectionOrEmpty("text_config"));
        return new()
        {
            ImageToken = fields.Token("image_token_index") ?? fields.Token("image_token_id") ?? 32000,
            ProjectorAct = fields.OneOf("projector_hidden_act", absent: "gelu", Activations.Names),
            ProjectorBias = fields.Flag("multimodal_projector_bias") ?? true,
            FeatureLayers = FeatureLayersOf(fields, vision.Layers),
            FeatureSelection = fields.OneOf("vision_feature_select_strategy", absent: "default", "default", "full") == "full" ? FeatureSelection.Full : FeatureSelection.Default,
            Vision = vision,
            // The whole model's word counts: the text part alone does not own the output layer.
            Text = text with { TieEmbeddings = fields.Flag("tie_word_embeddings") ?? text.TieEmbeddings },
            Network = LlavaShapes.Read(fields),
            StoredType = fields.StoredType(),
        };
    }

    static int[] FeatureLayersOf(ConfigFields fields, int layers)
    {
        var written = fields.Numbers("vision_feature_layer") ?? [-2];
        if (!written.All(layer => layer >= -layers - 1 && layer <= layers))
            throw fields.Wrong("vision_feature_layer", $"numbers from {-layers - 1} to {layers}, for the tower has {layers} layers");
        return [.. written.Select(layer => (int)layer)];
    }
}
