using PruneNotebooks.Primitives;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Parts;

public static partial class Choose
{
    /// <summary>Walks down the ranking and removes the neighbours of every token it takes: within a cosine distance that grows from place to place and with the richness of the picture.</summary>
    /// <param name="step">By how much the distance grows from place to place for an average picture.</param>
    /// <param name="averageRank">Mean effective rank of the pictures that a model is used on (<see cref="EffectiveRank"/>).</param>
    /// <param name="mostDistance">The largest distance.</param>
    /// <param name="of">Between which features; the tokens themselves if not given.</param>
    public static Choice Suppressing(double step, double averageRank, double mostDistance, Signal? of = null) => new SuppressionChoice(step, averageRank, mostDistance, of ?? new Signal.Features());
}

/// <summary>Greedy suppression of neighbours down a ranking (<see cref="RankedSuppression"/>).</summary>
/// <param name="Step">Growth of the distance from place to place.</param>
/// <param name="AverageRank">Mean effective rank.</param>
/// <param name="MostDistance">The largest distance.</param>
/// <param name="Of">Between which features, <c>[N, D]</c>.</param>
public sealed record SuppressionChoice(double Step, double AverageRank, double MostDistance, Signal Of) : Choice
{
    /// <inheritdoc/>
    public override Signals Needs => Of;

    /// <inheritdoc/>
    public override Chosen Pick(PruningContext context, Ranking ranking, int count) => new(Walk(context, ranking, count).Order);

    /// <summary>The walk, with the distances within which each token removed others.</summary>
    public Suppression Walk(PruningContext context, Ranking ranking, int count)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(ranking);
        var tokens = context[Of];
        double richness = EffectiveRank.Of(tokens) / AverageRank;
        return RankedSuppression.Choose(tokens, ranking.Order, count, place => Math.Min(place * richness * Step, MostDistance));
    }

    /// <inheritdoc/>
    public override string ToString() => "best first, neighbours suppressed";
}
