using System.Globalization;
using PruneNotebooks.Primitives;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Parts;

/// <summary>How a saliency and a gain in coverage become one number.</summary>
public enum Combine
{
    /// <summary>They are multiplied.</summary>
    Multiply,

    /// <summary>They are added.</summary>
    Add,
}

public static partial class Choose
{
    /// <summary>Greedy facility location: tokens that stand for all others, the salient ones first.</summary>
    /// <param name="alpha">The power to which the score is raised; 0: coverage alone.</param>
    /// <param name="combine">How the score and the gain in coverage become one number.</param>
    /// <param name="of">Between which features cosine similarities are taken; the tokens themselves if not given.</param>
    public static Choice SaliencyCoverage(double alpha = 1, Combine combine = Combine.Multiply, Signal? of = null) => new SaliencyCoverageChoice(alpha, combine, of ?? new Signal.Features());
}

/// <summary>Greedy facility location on cosine similarity, weighted by scores (<see cref="CoverageGreedy"/>).</summary>
/// <param name="Alpha">The power to which the score is raised.</param>
/// <param name="Combine">How both become one number.</param>
/// <param name="Of">Between which features similarities are taken, <c>[N, D]</c>.</param>
public sealed record SaliencyCoverageChoice(double Alpha, Combine Combine, Signal Of) : Choice
{
    /// <inheritdoc/>
    public override Signals Needs => Of;

    /// <inheritdoc/>
    public override Chosen Pick(PruningContext context, Ranking ranking, int count) => new(Cover(context, ranking, count).Order);

    /// <summary>The choice, its gains and what it covers.</summary>
    public Coverage Cover(PruningContext context, Ranking ranking, int count)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(ranking);
        double[] saliency = Array.ConvertAll(ranking.Scores, score => Alpha == 0 ? 1 : Math.Pow(score, Alpha));
        return CoverageGreedy.OfTokens(context[Of], count, Combine == Combine.Multiply ? new() { Weights = saliency } : new() { Bonuses = saliency });
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"coverage {(Combine == Combine.Multiply ? "x" : "+")} score{(Alpha == 1 ? "" : $"^{Alpha:0.##}")}");
}
