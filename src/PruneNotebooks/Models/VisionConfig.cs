namespace PruneNotebooks.Models;

/// <summary>The shape of a vision tower (CLIP's vision transformer).</summary>
public sealed record VisionConfig
{
    /// <summary>The reference library's name of the architecture: <c>clip_vision_model</c>.</summary>
    public required string ModelType { get; init; }

    /// <summary>Width of a patch embedding.</summary>
    public required int HiddenSize { get; init; }

    /// <summary>Width inside the feed-forward part.</summary>
    public required int IntermediateSize { get; init; }

    /// <summary>Number of transformer blocks.</summary>
    public required int Layers { get; init; }

    /// <summary>Number of attention heads; divides <see cref="HiddenSize"/>.</summary>
    public required int Heads { get; init; }

    /// <summary>Colour channels of the picture.</summary>
    public required int Channels { get; init; }

    /// <summary>Side of the square picture, in pixels.</summary>
    public required int ImageSize { get; init; }

    /// <summary>Side of a square patch, in pixels.</summary>
    public required int PatchSize { get; init; }

    /// <summary>Activation of the feed-forward part, e.g. <c>quick_gelu</c>.</summary>
    public required string HiddenAct { get; init; }

    /// <summary>What layer normalisation adds to the variance.</summary>
    public required double LayerNormEps { get; init; }

    /// <summary>Width of one attention head.</summary>
    public int HeadSize => HiddenSize / Heads;

    /// <summary>Patches in one row of the picture.</summary>
    public int GridSide => ImageSize / PatchSize;

    /// <summary>Patches of a picture, the class token not counted.</summary>
    public int Patches => GridSide * GridSide;

    /// <summary>What the reference library takes for a LLaVA whose file does not describe its tower: CLIP ViT-L/14 at 336 pixels.</summary>
    internal static VisionConfig ClipLarge336 { get; } = new()
    {
        ModelType = "clip_vision_model",
        HiddenSize = 1024,
        IntermediateSize = 4096,
        Layers = 24,
        Heads = 16,
        Channels = 3,
        ImageSize = 336,
        PatchSize = 14,
        HiddenAct = "quick_gelu",
        LayerNormEps = 1e-5,
    };

    internal static VisionConfig From(ConfigFields fields)
    {
        fields.Refuse("quantization_config", "quantised weights");
        var config = new VisionConfig
        {
            ModelType = fields.OneOf("model_type", absent: "clip_vision_model", "clip_vision_model"),
            HiddenSize = fields.Size("hidden_size") ?? 768,
            IntermediateSize = fields.Size("intermediate_size") ?? 3072,
            Layers = fields.Size("num_hidden_layers") ?? 12,
            Heads = fields.Size("num_attention_heads") ?? 12,
            Channels = fields.Size("num_channels") ?? 3,
            ImageSize = fields.Size("image_size") ?? 224,
            PatchSize = fields.Size("patch_size") ?? 32,
            HiddenAct = fields.OneOf("hidden_act", absent: "quick_gelu", Activations.Names),
            LayerNormEps = fields.Positive("layer_norm_eps") ?? 1e-5,
        };
        if (config.HiddenSize % config.Heads != 0) throw fields.Wrong("num_attention_heads", $"a divisor of hidden_size = {config.HiddenSize}");
        if (config.GridSide is < 1 or > 4096) throw fields.Wrong("patch_size", $"a size of which 1 to 4096 fit into image_size = {config.ImageSize}");
        return config;
    }
}
