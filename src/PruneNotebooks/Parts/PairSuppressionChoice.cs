using System.Globalization;
using PruneNotebooks.Primitives;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Parts;

public static partial class Choose
{
    /// <summary>A share of the highest scores, and of the others what is left when near-duplicates are deleted pair by pair (VisPruner, arXiv 2412.01818).</summary>
    /// <param name="important">The share of the tokens that stay for their score, 0 to 1.</param>
    /// <param name="perRound">How many near-duplicates go in a round.</param>
    /// <param name="of">Between which features cosine similarities are taken, <c>[N, D]</c>; the tokens themselves if not given.</param>
    public static Choice PairSuppression(double important = 0.5, int perRound = 8, Signal? of = null) => new PairSuppressionChoice(important, perRound, of ?? new Signal.Features());
}

/// <summary>Top-k, and the least repetitive of the others (<see cref="PairSuppression"/>). Chosen tokens come in the order of their score, then in that of the last round.</summary>
/// <param name="Important">The share of the tokens that stay for their score; truncated.</param>
/// <param name="PerRound">How many near-duplicates go in a round.</param>
/// <param name="Of">Between which features similarities are taken.</param>
public sealed record PairSuppressionChoice(double Important, int PerRound, Signal Of) : Choice
{
    /// <inheritdoc/>
    public override Signals Needs => Of;

    /// <inheritdoc/>
    public override Chosen Pick(PruningContext context, Ranking ranking, int count)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(ranking);
        int important = Rounding.Down.Apply(count * Important);
        return new([.. ranking.Order.Take(important), .. PairSuppression.Thin(context[Of], [.. ranking.Order.Skip(important)], count - important, PerRound)]);
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{100 * Important:0.##} % top-k, the others after pair suppression");
}
