using System.Globalization;
using PruneNotebooks.Primitives;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Parts;

public static partial class Choose
{
    /// <summary>Some of the highest scores; then, from the others, tokens that are far apart in space and different from each other, beginning with the best of them (<i>SeGPruner</i>, arXiv 2603.29437).</summary>
    /// <param name="important">The share of the budget for the highest scores, 0 to 1, rounded down.</param>
    /// <param name="spatialWeight">How much distance in space counts against difference of features, 0 to 1.</param>
    /// <param name="of">Whose difference; the tokens' themselves if not given.</param>
    public static Choice Farthest(double important = 0, double spatialWeight = 0.5, Signal? of = null) => new FarthestChoice(important, spatialWeight, of ?? new Signal.Features());
}

/// <summary>Top-k, then farthest points of the rest (<see cref="FarthestPoints"/>); the two do not look at each other.</summary>
/// <param name="Important">The share of the budget for the highest scores, 0 to 1.</param>
/// <param name="SpatialWeight">The weight of distance in space, 0 to 1.</param>
/// <param name="Of">Whose difference, <c>[N, D]</c>.</param>
public sealed record FarthestChoice(double Important, double SpatialWeight, Signal Of) : Choice
{
    static readonly Signal Places = new Signal.PatchCentres();

    /// <inheritdoc/>
    public override Signals Needs => Signals.Of(Of, Places);

    /// <inheritdoc/>
    public override Chosen Pick(PruningContext context, Ranking ranking, int count)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(ranking);
        int important = Rounding.Down.Apply(count * Important);
        long[] others = [.. ranking.Order.Skip(important)];
        return new([.. ranking.Order.Take(important), .. FarthestPoints.Choose(context[Of], context[Places], others, count - important, SpatialWeight)]);
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"top-k for {100 * Important:0.##} %, then farthest points in space ({SpatialWeight:0.##}) and features");
}
