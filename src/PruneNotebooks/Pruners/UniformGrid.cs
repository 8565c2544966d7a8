using PruneNotebooks.Parts;

namespace PruneNotebooks.Pruners;

/// <summary>Control: tokens spread evenly over the picture, as if it were sampled coarsely. What a method gains over this, it gains by looking.</summary>
/// <remarks>
/// <para>
/// Rows and columns with cells as near to squares as possible, the remainder spread among the rows (<see cref="Primitives.GridSpread"/>). Needs the whole grid: use it before
/// other stages. Every token that stays keeps what the vision tower put into it; the picture simply made smaller is another control.
/// </para>
/// <para>Cost: O(H + K).</para>
/// </remarks>
public sealed record UniformGrid : ComposedMethod
{
    /// <inheritdoc/>
    public override Composition Parts => Score.Equal.Then(Choose.UniformGrid);
}
