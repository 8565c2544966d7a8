namespace PruneNotebooks.Models.Shapes;

/// <summary>Reads the size of a vision transformer that takes square pictures of one size.</summary>
static class TowerShapes
{
    /// <summary>What the reference library takes where a file is silent.</summary>
    public sealed record Defaults(string Type, int Width, int FeedForward, int Blocks, int Heads, int ImageSize, int PatchSize);

    /// <summary>The tower of a LLaVA whose file does not describe it.</summary>
    public static Defaults ClipLarge336 { get; } = new("clip_vision_model", 1024, 4096, 24, 16, 336, 14);

    /// <summary>The tower of a LLaVA-OneVision whose file does not describe it.</summary>
    public static Defaults SiglipSo400m { get; } = new("siglip_vision_model", 1152, 4304, 26, 16, 384, 14);

    static readonly Defaults[] ByType =
    [
        new("clip_vision_model", 768, 3072, 12, 12, 224, 32),
        new("siglip_vision_model", 768, 3072, 12, 12, 224, 16),
        new("idefics3_vision", 1152, 3072, 12, 16, 224, 32),
        new("smolvlm_vision", 1152, 3072, 12, 16, 224, 32),
        new("internvl_vision", 1024, 4096, 24, 16, 448, 14),
        new("vit", 768, 3072, 12, 12, 224, 16),
        new("deit", 768, 3072, 12, 12, 224, 16),
        new("dinov2", 768, 3072, 12, 12, 224, 14),
    ];

    /// <summary>The tower, and the side of its pictures in pixels.</summary>
    /// <param name="fields">The object that describes it; <see langword="null"/> if the file has none.</param>
    /// <param name="absent">The tower that is meant then, and whose type is meant if the object does not say one.</param>
    public static (TowerShape Tower, int ImageSize) ReadSquare(ConfigFields? fields, Defaults absent)
    {
        if (fields is null) return (Tower(ConfigFields.Empty, absent), absent.ImageSize);
        fields.Refuse("quantization_config", "quantised weights");
        string type = fields.OneOf("model_type", absent.Type, [.. ByType.Select(defaults => defaults.Type)]);
        var silent = ByType.Single(defaults => defaults.Type == type);
        return (Tower(fields, silent), fields.Side("image_size") ?? silent.ImageSize);
    }

    static TowerShape Tower(ConfigFields fields, Defaults silent)
    {
        int d = fields.Size("hidden_size") ?? silent.Width, heads = fields.Size("num_attention_heads") ?? silent.Heads;
        int m = silent.Type == "dinov2" ? (int)(d * (fields.Positive("mlp_ratio") ?? 4)) : fields.Size("intermediate_size") ?? silent.FeedForward;
        int blocks = fields.Size("num_hidden_layers") ?? silent.Blocks, patch = fields.Side("patch_size") ?? silent.PatchSize;
        int side = fields.Divided(fields.Side("image_size") ?? silent.ImageSize, patch, "patch_size", exact: false);
        int extra = silent.Type switch { "siglip_vision_model" or "idefics3_vision" or "smolvlm_vision" => 0, "deit" => 2, _ => 1 };
        var block = new BlockShape(d, heads, heads, fields.Divided(d, heads), m, Gated: false) { Vectors = DecoderShapes.BiasedVectors(d, m) + FurtherVectors(fields, silent.Type, d) };
        // SigLIP's pooling head is a block with a query in place of one norm; models that read patches do not run it.
        bool pooling = silent.Type == "siglip_vision_model" && (fields.Flag("vision_use_head") ?? silent != SiglipSo400m);
        return new()
        {
            Blocks = blocks,
            BlocksUsed = blocks,
            Block = block,
            PatchSize = patch,
            PatchEmbedding = new((long)(fields.Size("num_channels") ?? 3) * patch * patch, d, Bias: silent.Type != "clip_vision_model"),
            ExtraTokens = extra,
            // The tokens beside the patches, positions, and norms.
            OtherParameters = (long)extra * d + Positions(fields, silent.Type, side * side + extra) * d + OuterNorms(fields, silent.Type) * d + (pooling ? block.Parameters - d : 0),
        };
    }

    static long FurtherVectors(ConfigFields fields, string type, int d) => type switch
    {
        "internvl_vision" => 2 * d - (fields.Flag("attention_bias") == true ? 0 : 3 * d) + (fields.Flag("use_qk_norm") == true ? 2 * d : 0), // two layer scales
        "dinov2" => fields.Flag("use_swiglu_ffn") == true ? throw fields.Unsupported("use_swiglu_ffn", "false") : 2 * d,
        "vit" or "deit" when fields.Flag("qkv_bias") == false => -3 * d,
        _ => 0,
    };

    static long Positions(ConfigFields fields, string type, int tokens) => type == "internvl_vision" && fields.Flag("use_absolute_position_embeddings") == false ? 0 : tokens;

    // In vectors of one width: a layer norm has two.
    static long OuterNorms(ConfigFields fields, string type) => type switch
    {
        "clip_vision_model" => 4,
        "internvl_vision" => (fields.Flag("use_mean_pooling") ?? true ? 0 : 2) + (fields.Flag("use_mask_token") == true ? 1 : 0),
        "dinov2" => 2 + (fields.Flag("use_mask_token") ?? true ? 1 : 0),
        _ => 2,
    };
}
