using PruneNotebooks.Primitives;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Parts;

public static partial class Choose
{
    /// <summary>Greedy max-min diversity: tokens that are as far from each other as possible, whatever their scores.</summary>
    /// <param name="of">Between which features cosine distances are taken; the tokens themselves if not given.</param>
    public static Choice MaxMin(Signal? of = null) => new MaxMinChoice(of ?? new Signal.Features());
}

/// <summary>Greedy max-min diversity on cosine distance (<see cref="MaxMinDiversity"/>).</summary>
/// <param name="Of">Between which features distances are taken, <c>[N, D]</c>.</param>
public sealed record MaxMinChoice(Signal Of) : Choice
{
    /// <inheritdoc/>
    public override Signals Needs => Of;

    /// <inheritdoc/>
    public override Chosen Pick(PruningContext context, Ranking ranking, int count)
    {
        ArgumentNullException.ThrowIfNull(context);
        var diversity = MaxMinDiversity.Choose(context[Of], count);
        return new(diversity.Order, diversity.Distances);
    }

    /// <inheritdoc/>
    public override string ToString() => "max-min distance";
}
