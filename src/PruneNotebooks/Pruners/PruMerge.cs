using PruneNotebooks.Parts;
using PruneNotebooks.Primitives;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Pruners;

/// <summary>PruMerge: keeps the tokens that stand out in the class token's attention, adds to each the neighbours of its key by their attention, and appends one token that sums all dropped ones.</summary>
/// <remarks>
/// <para><i>LLaVA-PruMerge: Adaptive Token Reduction for Efficient Large Multimodal Models</i>, arXiv 2403.15388, ICCV 2025.</para>
/// <para>
/// Works behind the tower, before the projector; positions are consecutive and tokens go on in the order of attention, not of the picture. In the paper the picture decides how many tokens stay
/// (<see cref="Adaptive"/>); by default here the budget does, the appended token included. The paper speaks of weighted averages of pruned tokens; in the authors' code, and here, sums are not divided,
/// neighbours may be kept tokens, and clusters overlap. Attention is that of the last layer's queries and keys as if heads were one.
/// </para>
/// <para>Cost: O(N C) for the score, O(K N C) for neighbours by keys of width C, O(32 K D) to add them.</para>
/// </remarks>
public record PruMerge : ComposedMethod
{
    /// <summary>Whether the picture decides how many tokens stay, as in the paper: as many as there are outliers of attention (<see cref="AttentionOutliers"/>), and the appended one. The budget is not looked at.</summary>
    public bool Adaptive { get; init; }

    /// <summary>How many neighbours are added to each token.</summary>
    public int Neighbours
    {
        get;
        init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(Neighbours), value, $"A token has no neighbour or more; it was {value}.");
    } = 32;

    /// <summary>The layer whose queries and keys are looked at.</summary>
    public Layer Layer { get; init; } = Layer.Last;

    /// <summary>Which tokens stay when the budget decides.</summary>
    protected virtual Choice Choice => Choose.Top;

    /// <inheritdoc/>
    public sealed override Composition Parts => Score.SingleHeadClsAttention(Layer).Then(Choice).Then(Mend.AddNeighbours(Layer, Neighbours));

    /// <inheritdoc/>
    public sealed override TokenSelection Select(PruningContext context, TokenBudget budget)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(budget);
        if (!Adaptive || budget.Resolve(context.Tokens) == 0) return base.Select(context, budget);
        using var scope = NewDisposeScope();
        var ranking = Ranking.Of(Parts.Score.Of(context));
        long[] order = StandOut(ranking, (double)AttentionOutliers.Count(ranking.Scores) / ranking.Count);
        return Parts.Repair!.Apply(context, ranking, new Chosen(order), order.Length + 1);
    }

    /// <summary>Which tokens stay when the picture decides, in order.</summary>
    /// <param name="ranking">By attention.</param>
    /// <param name="ratio">The share of tokens that are outliers. As in the authors' code <c>N * ratio</c> is truncated, and may lose one.</param>
    protected virtual long[] StandOut(Ranking ranking, double ratio)
    {
        ArgumentNullException.ThrowIfNull(ranking);
        return ranking.Top((int)(ranking.Count * ratio));
    }
}
