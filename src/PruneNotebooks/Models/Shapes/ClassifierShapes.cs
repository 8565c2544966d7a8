namespace PruneNotebooks.Models.Shapes;

/// <summary>Reads the size of a vision transformer that stands alone: ViT, DeiT, DINOv2.</summary>
static class ClassifierShapes
{
    public static NetworkShape Read(ConfigFields fields)
    {
        string type = fields.Text("model_type")!, architecture = fields.Items("architectures")?.FirstOrDefault().GetString() ?? "";
        var (tower, imageSize) = TowerShapes.ReadSquare(fields, TowerShapes.ClipLarge336 with { Type = type });
        int side = fields.Divided(imageSize, tower.PatchSize, "patch_size", exact: false);
        int heads = !architecture.Contains("ForImageClassification", StringComparison.Ordinal) ? 0 : architecture.EndsWith("WithTeacher", StringComparison.Ordinal) ? 2 : 1;
        int classes = fields.Section("id2label")?.Entries().Count() ?? 2;
        return new()
        {
            ModelType = type,
            Tower = tower,
            Classifiers = [.. Enumerable.Repeat(new LinearShape(tower.Block.Width, classes, Bias: true), heads)],
            Rule = new PictureRule.OneSize(side, side * side),
        };
    }
}
