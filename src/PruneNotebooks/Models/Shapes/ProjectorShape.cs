namespace PruneNotebooks.Models.Shapes;

/// <summary>The size of what makes visual tokens of patches: linear layers, after merging neighbours side by side where a model does so.</summary>
/// <param name="Layers">The linear layers; those of Qwen3-VL's further mergers, whose output enters the decoder deeper, are among them.</param>
/// <param name="Merge">Side of the square of patches that become one row: 1, or 2 where four neighbours are merged.</param>
/// <param name="ExtraTokens">Tokens of each crop that pass beside the patches (a class token that a model keeps).</param>
/// <param name="OtherParameters">Weights that are in no matrix and no bias: norms, the embedding of a line break.</param>
public sealed record ProjectorShape(IReadOnlyList<LinearShape> Layers, int Merge, int ExtraTokens, long OtherParameters)
{
    /// <summary>All weights.</summary>
    public long Parameters => Layers.Sum(layer => layer.Parameters) + OtherParameters;

    /// <summary>Rows that pass for some patches in each of some crops.</summary>
    public double Rows(int crops, int patches) => crops * ((double)patches / (Merge * Merge) + ExtraTokens);

    /// <summary>Operations of all layers for some rows.</summary>
    public double Flops(double rows) => Layers.Sum(layer => layer.Flops(rows));

    /// <summary>All layers over some rows.</summary>
    public Work Work(double rows, int bytesPerNumber) => Shapes.Work.Sum(Layers.Select(layer => layer.Work(rows, bytesPerNumber)));
}
