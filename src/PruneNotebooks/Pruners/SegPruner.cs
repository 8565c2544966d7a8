using PruneNotebooks.Parts;
using PruneNotebooks.Primitives;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Pruners;

/// <summary>SeGPruner: of each view of a scene, keeps the tokens that receive most attention in the vision tower, and others that are far apart in space and look different. For questions about 3D scenes.</summary>
/// <remarks>
/// <para><i>SeGPruner: Semantic-Geometric Visual Token Pruner for 3D QA</i>, arXiv 2603.29437, 2026.</para>
/// <para>
/// Patches get their place in space from depth maps and camera poses (<see cref="BackProjection"/>). The first of the diverse tokens is the most attended one that is not important yet; diversity is among
/// the diverse alone. The paper's equation reads as if views were weighed against each other; its code runs view by view, and so does this. The code looks at the last block of its tower that is left,
/// which is the one that features come from; SigLIP has no class token, so here, too, only patches are asked.
/// </para>
/// <para>All tokens are projected before any leaves; positions are consecutive; with tiles the authors' code keeps every newline token. Cost: O(H N + N log N) and <see cref="FarthestPoints"/>, O(N K D).</para>
/// </remarks>
public sealed record SegPruner : ComposedMethod
{
    /// <summary>The share of the budget for the tokens that are attended to most, 0 to 1. The authors' script says 0, which is the paper's ablation of diversity alone; the paper's own share is not printed.</summary>
    public double Important
    {
        get;
        init => field = value is >= 0 and <= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Important), value, $"The share of the budget for the most attended tokens is 0 to 1; it was {value}.");
    } = 0.5;

    /// <summary>How much distance in space counts against difference of features, 0 to 1 (the paper's lambda).</summary>
    public double SpatialWeight
    {
        get;
        init => field = value is >= 0 and <= 1 ? value : throw new ArgumentOutOfRangeException(nameof(SpatialWeight), value, $"The weight of distance in space is 0 to 1; it was {value}.");
    } = 0.5;

    /// <summary>The tower's layer whose attention and features are looked at; by default the one that the tokens come from.</summary>
    public Layer Layer { get; init; } = Layer.Features;

    /// <inheritdoc/>
    public override Composition Parts => Score.ReceivedAttention(Layer, Queries.Visual).Then(Choose.Farthest(Important, SpatialWeight, of: new Signal.VisionFeatures(Layer)));
}
