namespace PruneNotebooks.Models.Shapes;

/// <summary>Reads the size of models that cut a picture into tiles and fold neighbouring patches into one token: InternVL3, and SmolVLM with Idefics3, whose type it has.</summary>
static class TiledShapes
{
    public static NetworkShape Read(ConfigFields fields)
    {
        fields.Refuse("quantization_config", "quantised weights");
        string type = fields.Text("model_type")!;
        bool intern = type == "internvl";
        var (tower, imageSize) = TowerShapes.ReadSquare(fields.SectionOrEmpty("vision_config"), TowerShapes.ClipLarge336 with { Type = $"{type}_vision" });
        var text = fields.SectionOrEmpty("text_config");
        var decoder = DecoderShapes.Read(text, text.Text("model_type") ?? (intern ? "qwen2" : "llama"), fields.Flag("tie_word_embeddings") ?? (intern ? true : text.Flag("tie_word_embeddings")));
        int merge = intern ? Inverse(fields) : fields.Size("scale_factor") ?? 2;
        int side = fields.SectionOrEmpty("vision_config").Divided(imageSize, tower.PatchSize, "patch_size", exact: false);
        if (side % merge != 0) throw fields.Wrong(intern ? "downsample_ratio" : "scale_factor", $"one that divides {side} patches in a row");
        long folded = (long)tower.Block.Width * merge * merge;
        int d = decoder.Block.Width;
        return new()
        {
            ModelType = type,
            Tower = tower,
            Projector = intern
                ? new([new(folded, d, Bias: true), new(d, d, Bias: true)], merge, ExtraTokens: 0, OtherParameters: 2 * folded)
                : new([new(folded, d, Bias: false)], merge, ExtraTokens: 0, OtherParameters: 0),
            Decoder = decoder,
            Rule = intern ? new PictureRule.Canvas(imageSize, side, side / merge * (side / merge)) : new PictureRule.LongestEdge(imageSize, side, side / merge * (side / merge)),
        };
    }

    static int Inverse(ConfigFields fields)
    {
        double inverse = 1 / (fields.Positive("downsample_ratio") ?? 0.5);
        return double.IsInteger(inverse) ? (int)inverse : throw fields.Wrong("downsample_ratio", "one divided by a whole number");
    }
}
