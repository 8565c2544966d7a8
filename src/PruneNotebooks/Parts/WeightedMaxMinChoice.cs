using PruneNotebooks.Primitives;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Parts;

public static partial class Choose
{
    /// <summary>Greedy max-min diversity with distances weighted by the scores, stretched to 0 to 1; the first has the highest score.</summary>
    /// <param name="of">Between which features cosine distances are taken; the tokens themselves if not given.</param>
    public static Choice WeightedMaxMin(Signal? of = null) => new WeightedMaxMinChoice(of ?? new Signal.Features());
}

/// <summary>Weighted max-min diversity on cosine distance (<see cref="WeightedMaxMin"/>).</summary>
/// <param name="Of">Between which features distances are taken, <c>[N, D]</c>.</param>
public sealed record WeightedMaxMinChoice(Signal Of) : Choice
{
    /// <inheritdoc/>
    public override Signals Needs => Of;

    /// <inheritdoc/>
    public override Chosen Pick(PruningContext context, Ranking ranking, int count)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(ranking);
        return new(WeightedMaxMin.Choose(context[Of], WeightedMaxMin.Weights(ranking.Scores), count));
    }

    /// <inheritdoc/>
    public override string ToString() => "score x max-min distance";
}
