namespace PruneNotebooks.Models.Shapes;

/// <summary>Reads the size of Qwen2-VL (arXiv:2409.12191), Qwen2.5-VL (arXiv:2502.13923) and Qwen3-VL.</summary>
static class QwenShapes
{
    public static NetworkShape Read(ConfigFields fields)
    {
        fields.Refuse("quantization_config", "quantised weights");
        string type = fields.Text("model_type")!;
        // The first files have the fields of the language model beside those of the whole.
        var text = fields.Section("text_config") ?? fields;
        var decoder = DecoderShapes.Read(text, $"{type}_text", fields.Flag("tie_word_embeddings") ?? text.Flag("tie_word_embeddings"));
        var vision = fields.SectionOrEmpty("vision_config");
        int patch = vision.Size("patch_size") ?? (type == "qwen3_vl" ? 16 : 14), merge = vision.Size("spatial_merge_size") ?? 2;
        var (tower, output) = type switch
        {
            "qwen2_vl" => Qwen2(vision, patch),
            "qwen2_5_vl" => Qwen25(vision, patch, merge),
            _ => Qwen3(vision, patch),
        };
        // The merger: a norm over each patch (in the further mergers of Qwen3-VL, over the four together), then two layers over neighbours side by side.
        long c = tower.Block.Width, merged = c * merge * merge, norm = type == "qwen2_5_vl" ? c : 2 * c;
        LinearShape[] merger = [new(merged, merged, Bias: true), new(merged, output, Bias: true)];
        int further = type == "qwen3_vl" ? (vision.Numbers("deepstack_visual_indexes") ?? [8, 16, 24]).Count : 0;
        return new()
        {
            ModelType = type,
            Tower = tower,
            Projector = new([.. Enumerable.Repeat(merger, 1 + further).SelectMany(layers => layers)], merge, ExtraTokens: 0, norm + further * 2 * merged),
            Decoder = decoder,
            Rule = type == "qwen3_vl" ? new PictureRule.Native(patch, merge, 256 * 256, 4096 * 4096) : new PictureRule.Native(patch, merge, 56 * 56, 28 * 28 * 16384),
        };
    }

    static (TowerShape, int Output) Qwen2(ConfigFields vision, int patch)
    {
        int c = vision.Size("embed_dim") ?? 1280;
        var tower = Tower(vision, patch, c, (int)(c * (vision.Positive("mlp_ratio") ?? 4)), blocks: 32, gated: false);
        return (tower, vision.Size("hidden_size") ?? 3584);
    }

    static (TowerShape, int Output) Qwen25(ConfigFields vision, int patch, int merge)
    {
        int c = vision.Size("hidden_size") ?? 3584, m = vision.Size("intermediate_size") ?? 3420;
        var tower = Tower(vision, patch, c, m, blocks: 32, gated: true);
        return (tower with
        {
            // Norms without a bias, and a third feed-forward matrix with one.
            Block = tower.Block with { Vectors = tower.Block.Vectors - 2 * c + m },
            // The reference library counts windows in merged patches and rounds down.
            Window = (vision.Size("window_size") ?? 112) / merge / patch * merge,
            UnwindowedBlocks = [.. (vision.Numbers("fullatt_block_indexes") ?? [7, 15, 23, 31]).Select(block => (int)block)],
        }, vision.Size("out_hidden_size") ?? 3584);
    }

    static (TowerShape, int Output) Qwen3(ConfigFields vision, int patch)
    {
        int c = vision.Size("hidden_size") ?? 1152;
        var tower = Tower(vision, patch, c, vision.Size("intermediate_size") ?? 4304, blocks: 27, gated: false);
        return (tower with
        {
            PatchEmbedding = tower.PatchEmbedding with { Bias = true },
            OtherParameters = (long)(vision.Size("num_position_embeddings") ?? 2304) * c,
        }, vision.Size("out_hidden_size") ?? 3584);
    }

    // Two pictures in time make one patch; a still picture is shown twice.
    static TowerShape Tower(ConfigFields vision, int patch, int c, int m, int blocks, bool gated)
    {
        int heads = vision.Size("num_heads") ?? 16, depth = vision.Size("depth") ?? blocks, channels = vision.Size("in_channels") ?? vision.Size("in_chans") ?? 3;
        return new()
        {
            Blocks = depth,
            BlocksUsed = depth,
            Block = new(c, heads, heads, vision.Divided(c, heads, "num_heads"), m, gated) { Vectors = DecoderShapes.BiasedVectors(c, m) },
            PatchSize = patch,
            PatchEmbedding = new((long)channels * (vision.Size("temporal_patch_size") ?? 2) * patch * patch, c, Bias: false),
            OtherParameters = 0,
        };
    }
}
