using PruneNotebooks.Parts;
using PruneNotebooks.Primitives;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Pruners;

/// <summary>DivPrune: keeps tokens that are as different from each other as possible, by greedy max-min diversity on cosine distance. No attention, no text, no training.</summary>
/// <remarks>
/// <para><i>DivPrune: Diversity-based Visual Token Pruning for Large Multimodal Models</i>, arXiv 2503.02175, CVPR 2025.</para>
/// <para>
/// The paper prunes once, after the projector, with consecutive positions; at a decoder layer the same rule runs on the hidden states.
/// It speaks of an exact solution, but its algorithm is greedy (a 2-approximation). Published code does not exclude chosen tokens and may repeat one when
/// tokens are copies of each other; here the budget is always met, and on all other inputs the choice is the same.
/// Its budget is <c>round(kept * N)</c>, ties to even: the default of <see cref="TokenBudget.Ratio"/>.
/// </para>
/// <para>Cost: <see cref="MaxMinDiversity"/>.</para>
/// </remarks>
public sealed record DivPrune : ComposedMethod
{
    /// <inheritdoc/>
    /// <remarks>The painted score of a token is its cosine distance to the nearest of the tokens kept before it.</remarks>
    public override Composition Parts => Score.Equal.Then(Choose.MaxMin());
}
