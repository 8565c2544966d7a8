namespace PruneNotebooks.Models.Shapes;

/// <summary>Reads the size of LLaVA-1.5, LLaVA-NeXT (arXiv:2310.03744 and its 1.6) and LLaVA-OneVision (arXiv:2408.03326).</summary>
static class LlavaShapes
{
    static readonly (int, int)[] NextPinpoints = [(336, 672), (672, 336), (672, 672), (1008, 336), (336, 1008)];

    static readonly (int, int)[] OneVisionPinpoints = [.. from h in Enumerable.Range(1, 6) from w in Enumerable.Range(1, 6) select (384 * h, 384 * w)];

    public static NetworkShape Read(ConfigFields fields)
    {
        fields.Refuse("quantization_config", "quantised weights");
        string type = fields.Text("model_type")!;
        bool oneVision = type == "llava_onevision";
        var layers = fields.Numbers("vision_feature_layer") ?? [oneVision ? -1 : -2];
        bool full = fields.OneOf("vision_feature_select_strategy", absent: oneVision ? "full" : "default", "default", "full") == "full";
        var (tower, imageSize) = TowerShapes.ReadSquare(fields.Section("vision_config"), oneVision ? TowerShapes.SiglipSo400m : TowerShapes.ClipLarge336);
        if (!layers.All(layer => layer >= -tower.Blocks - 1 && layer <= tower.Blocks))
            throw fields.Wrong("vision_feature_layer", $"numbers from {-tower.Blocks - 1} to {tower.Blocks}, for the tower has {tower.Blocks} layers");
        tower = tower with { BlocksUsed = layers.Max(layer => (int)(layer < 0 ? tower.Blocks + 1 + layer : layer)) };
        var text = fields.SectionOrEmpty("text_config");
        string textType = text.Text("model_type") ?? (oneVision ? "qwen2" : "llama");
        var decoder = DecoderShapes.Read(text, textType, fields.Flag("tie_word_embeddings") ?? text.Flag("tie_word_embeddings"));
        int d = decoder.Block.Width, extra = full ? tower.ExtraTokens : 0;
        bool bias = fields.Flag("multimodal_projector_bias") ?? true;
        var projector = new ProjectorShape(
            [new((long)tower.Block.Width * layers.Count, d, bias), new(d, d, bias)], Merge: 1, extra, OtherParameters: type == "llava" ? 0 : d); // NeXT and OneVision: image_newline
        int side = fields.SectionOrEmpty("vision_config").Divided(imageSize, tower.PatchSize, "patch_size", exact: false);
        return new()
        {
            ModelType = type,
            Tower = tower,
            Projector = projector,
            Decoder = decoder,
            Rule = type == "llava"
                ? new PictureRule.OneSize(side, side * side + extra)
                : new PictureRule.AnyResolution(imageSize, side, extra, fields.Pairs("image_grid_pinpoints") ?? (oneVision ? OneVisionPinpoints : NextPinpoints), oneVision ? MostTiles(fields) : null),
        };
    }

    // "anyres_max_9": above nine crops' worth of tokens the features of the tiles are shrunk.
    static int MostTiles(ConfigFields fields)
    {
        string ratio = fields.Text("vision_aspect_ratio") ?? "anyres_max_9";
        return ratio.StartsWith("anyres_max_", StringComparison.Ordinal) && int.TryParse(ratio["anyres_max_".Length..], out int tiles) && tiles > 0
            ? tiles
            : throw fields.Wrong("vision_aspect_ratio", "\"anyres_max_\" and a number of crops");
    }
}
