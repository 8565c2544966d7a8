using PruneNotebooks.Primitives;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Parts;

public static partial class Choose
{
    /// <summary>Greedy max-sum diversity, beginning with the highest score: tokens whose similarities to the chosen ones add up to the least.</summary>
    /// <param name="of">Between which features cosine similarities are taken; the tokens themselves if not given.</param>
    public static Choice MaxSum(Signal? of = null) => new MaxSumChoice(of ?? new Signal.Features());
}

/// <summary>Greedy max-sum diversity from the highest score on (<see cref="MaxSumDiversity"/>).</summary>
/// <param name="Of">Between which features similarities are taken, <c>[N, D]</c>.</param>
public sealed record MaxSumChoice(Signal Of) : Choice
{
    /// <inheritdoc/>
    public override Signals Needs => Of;

    /// <inheritdoc/>
    public override Chosen Pick(PruningContext context, Ranking ranking, int count)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(ranking);
        return new(MaxSumDiversity.Choose(context[Of], count, ranking.Order[0]));
    }

    /// <inheritdoc/>
    public override string ToString() => "max-sum distance from the highest score";
}
