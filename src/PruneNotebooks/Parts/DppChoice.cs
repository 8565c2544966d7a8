using System.Globalization;
using PruneNotebooks.Primitives;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Parts;

public static partial class Choose
{
    /// <summary>The subset whose kernel has the largest determinant, greedily (DPP): high scores that point in different directions.</summary>
    /// <param name="theta">Sharpens the scores where given, 0 to below 1; 0: they do not count at all.</param>
    /// <param name="epsilon">What the lowest score counts, relative to the range.</param>
    /// <param name="of">Between which features cosine similarities are taken; the tokens themselves if not given.</param>
    public static Choice Dpp(double? theta = null, double epsilon = 1e-6, Signal? of = null) => new DppChoice(theta, epsilon, of ?? new Signal.Features());
}

/// <summary>Greedy MAP inference of a determinantal point process on cosine similarity (<see cref="DeterminantalGreedy"/>).</summary>
/// <param name="Theta">Sharpens the scores where given.</param>
/// <param name="Epsilon">What the lowest score counts, relative to the range.</param>
/// <param name="Of">Between which features similarities are taken, <c>[N, D]</c>.</param>
public sealed record DppChoice(double? Theta, double Epsilon, Signal Of) : Choice
{
    /// <inheritdoc/>
    public override Signals Needs => Of;

    /// <summary>The quality of tokens from their scores: <c>(s - min + epsilon) / (max - min)</c>, or 1 if all are equal; with theta, <c>exp(theta / (2 (1 - theta)) * q)</c>.</summary>
    /// <param name="scores">Of all tokens that are compared, of several crops if there are several.</param>
    public double[] Quality(IReadOnlyList<float> scores)
    {
        ArgumentNullException.ThrowIfNull(scores);
        double least = scores.Min(), range = scores.Max() - least, sharpness = Theta is { } theta ? theta / (2 * (1 - theta)) : 0;
        return [.. scores.Select(score => range > 0 ? (score - least + Epsilon) / range : 1).Select(quality => Theta is null ? quality : Math.Exp(sharpness * quality))];
    }

    /// <inheritdoc/>
    public override Chosen Pick(PruningContext context, Ranking ranking, int count)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(ranking);
        return new(DeterminantalGreedy.Choose(context[Of], Quality(ranking.Scores), count).Order);
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"largest determinant{(Theta is null ? "" : $" (theta {Theta:0.##})")}");
}
