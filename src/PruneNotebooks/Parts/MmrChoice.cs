using System.Globalization;
using PruneNotebooks.Primitives;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Parts;

public static partial class Choose
{
    /// <summary>Maximal marginal relevance: high scores that do not resemble what is chosen already. The scores should lie between 0 and 1 (<see cref="Score.MinMax"/>).</summary>
    /// <param name="lambda">Weight of the score, 0 to 1; resemblance weighs the rest.</param>
    /// <param name="atOnce">How many tokens are chosen before resemblance to them counts.</param>
    /// <param name="of">Between which features cosine similarities are taken; the tokens themselves if not given.</param>
    public static Choice Mmr(double lambda = 0.5, int atOnce = 1, Signal? of = null) => new MmrChoice(lambda, atOnce, of ?? new Signal.Features());
}

/// <summary>Maximal marginal relevance on cosine similarity (<see cref="MarginalRelevance"/>).</summary>
/// <param name="Lambda">Weight of the score, 0 to 1.</param>
/// <param name="AtOnce">How many tokens are chosen before resemblance to them counts.</param>
/// <param name="Of">Between which features similarities are taken, <c>[N, D]</c>.</param>
public sealed record MmrChoice(double Lambda, int AtOnce, Signal Of) : Choice
{
    /// <inheritdoc/>
    public override Signals Needs => Of;

    /// <inheritdoc/>
    public override Chosen Pick(PruningContext context, Ranking ranking, int count)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(ranking);
        return new(MarginalRelevance.Choose(context[Of], ranking.Scores, count, Lambda, AtOnce));
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"marginal relevance ({Lambda:0.##}{(AtOnce == 1 ? "" : $", {AtOnce} at once")})");
}
