using PruneNotebooks.Primitives;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Parts;

public static partial class Choose
{
    /// <summary>Greedy k-center: max-min distance, beginning with the highest score.</summary>
    /// <param name="of">Between which features cosine distances are taken; the tokens themselves if not given.</param>
    public static Choice KCenter(Signal? of = null) => new KCenterChoice(of ?? new Signal.Features());
}

/// <summary>Greedy max-min diversity from the highest score on (<see cref="MaxMinDiversity"/>): a 2-approximation of the k-center problem.</summary>
/// <param name="Of">Between which features distances are taken, <c>[N, D]</c>.</param>
public sealed record KCenterChoice(Signal Of) : Choice
{
    /// <inheritdoc/>
    public override Signals Needs => Of;

    /// <inheritdoc/>
    public override Chosen Pick(PruningContext context, Ranking ranking, int count)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(ranking);
        return new(MaxMinDiversity.Choose(context[Of], count, ranking.Order[0]).Order);
    }

    /// <inheritdoc/>
    public override string ToString() => "max-min distance from the highest score";
}
