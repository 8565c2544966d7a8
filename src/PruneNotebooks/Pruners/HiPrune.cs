using PruneNotebooks.Primitives;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Pruners;

/// <summary>HiPrune: keeps what a middle layer of the vision tower attends to (anchors), the tokens around it (buffers), and what a deep layer attends to (registers).</summary>
/// <remarks>
/// <para><i>HiPrune: Hierarchical Attention for Efficient Token Pruning in VLMs</i>, arXiv 2508.00553, Findings of ACL 2026.</para>
/// <para>
/// A score is the mean attention that a token receives, over heads and over all queries, the class token among them; no class token is needed.
/// <c>round(keep * alpha / 5)</c> anchors (ties to even, possibly none) and their neighbours come first, registers fill the budget.
/// The paper calls the registers' layer the output layer; the code for LLaVA reads the layer that LLaVA's features come from, and so does the default here.
/// Positions are consecutive for LLaVA; the authors' code for Qwen2.5-VL keeps them.
/// </para>
/// <para>Cost: O(H N + N log N).</para>
/// </remarks>
public sealed record HiPrune : ITokenPruner
{
    /// <summary>The share of the budget for anchors and their buffers, 0 to 1.</summary>
    public double Alpha
    {
        get;
        init => field = value is >= 0 and <= 1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Alpha), value, $"Alpha is the share of the budget for anchors and their neighbours, 0 to 1; it was {value}.");
    } = 0.1;

    /// <summary>The layer of the tower that attends to objects: the 9th of CLIP's 24, by depth; the paper reads the 16th of 32 for Qwen2.5-VL.</summary>
    public Layer ObjectLayer { get; init; } = Layer.AtDepth(9 / 24.0);

    /// <summary>The layer of the tower that attends to the whole; for towers without a feature layer of their own, the last.</summary>
    public Layer DeepLayer { get; init; } = Layer.Features;

    /// <summary>Which tokens are the neighbours of an anchor: flat indices as in the authors' code, or the grid.</summary>
    public Neighbours Neighbours { get; init; } = Neighbours.Flat;

    /// <summary>
    /// How the authors' code for Qwen2.5-VL keeps registers apart from candidates: it lowers the candidates' scores by 1. Its scores are sums over queries and may
    /// exceed 1, so that a candidate is chosen twice and fewer tokens stay than the budget says. Off: candidates are excluded.
    /// </summary>
    public bool ExcludeByMinusOne { get; init; }

    Signal ObjectAttention => new Signal.VisionAttentionReceived(ObjectLayer, Queries.All);

    Signal DeepAttention => new Signal.VisionAttentionReceived(DeepLayer, Queries.All);

    /// <inheritdoc/>
    public Signals Needs => Signals.Of(ObjectAttention, DeepAttention);

    /// <inheritdoc/>
    /// <remarks>The scores are those of the deep layer; anchors and buffers stay whatever theirs is.</remarks>
    public TokenSelection Select(PruningContext context, TokenBudget budget)
    {
        var roles = Roles(context, budget);
        return new TokenSelection(roles.Anchors.Concat(roles.Buffers).Union(roles.Registers), context.Tokens, roles.DeepScores);
    }

    /// <summary>Which tokens stay, and as what.</summary>
    /// <exception cref="ArgumentException">The anchors and their neighbours alone are more than the budget.</exception>
    public HiPruneRoles Roles(PruningContext context, TokenBudget budget)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(budget);
        int keep = budget.Resolve(context.Tokens);
        var objects = Ranking.ByAttention(context[ObjectAttention]);
        var deep = Ranking.ByAttention(context[DeepAttention]);
        long[] anchors = objects.Top(Rounding.HalfToEven.Apply(keep * Alpha / 5));
        long[] candidates = anchors.Length == 0 ? [] : context.Grid.WithNeighbours(anchors, Neighbours);
        if (candidates.Length > keep)
            throw new ArgumentException($"{anchors.Length} anchors and their neighbours are {candidates.Length} tokens, more than the budget of {keep}. Lower Alpha ({Alpha}) or keep more.", nameof(budget));
        int rest = keep - candidates.Length;
        long[] registers = ExcludeByMinusOne ? deep.Lowered(candidates, by: 1).Top(rest) : deep.Top(rest, except: candidates);
        return new HiPruneRoles([.. anchors.Order()], [.. candidates.Except(anchors)], [.. registers.Order()], objects.Scores, deep.Scores);
    }
}

/// <summary>What <see cref="HiPrune"/> keeps a token for; all indices ascend.</summary>
/// <param name="Anchors">Most attended in the object layer.</param>
/// <param name="Buffers">Neighbours of anchors that are not anchors themselves.</param>
/// <param name="Registers">Most attended in the deep layer.</param>
/// <param name="ObjectScores">Attention that each of the N tokens receives in the object layer.</param>
/// <param name="DeepScores">Attention that each of the N tokens receives in the deep layer.</param>
public sealed record HiPruneRoles(long[] Anchors, long[] Buffers, long[] Registers, float[] ObjectScores, float[] DeepScores);
