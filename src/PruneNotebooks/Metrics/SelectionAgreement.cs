using System.Globalization;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Metrics;

/// <summary>How much two selections from the same tokens agree.</summary>
/// <param name="First">Tokens that the first keeps.</param>
/// <param name="Second">Tokens that the second keeps.</param>
/// <param name="Shared">Tokens that both keep.</param>
/// <param name="Tokens">All tokens, N.</param>
/// <param name="Spearman">Rank correlation of their scores over all N tokens; <see langword="null"/> if one of them has no scores.</param>
/// <param name="Kendall">The same as Kendall's tau-b.</param>
public sealed record SelectionAgreement(int First, int Second, int Shared, int Tokens, double? Spearman, double? Kendall)
{
    /// <summary>Shared tokens by tokens that either keeps (Jaccard), 0 to 1; 1 if both keep nothing.</summary>
    public double Jaccard => First + Second == 0 ? 1 : (double)Shared / (First + Second - Shared);

    /// <summary>How many tokens two random choices of these sizes share on average.</summary>
    public double SharedByChance => (double)First * Second / Tokens;

    /// <summary>Compares two selections.</summary>
    /// <exception cref="ArgumentException">They choose from different numbers of tokens.</exception>
    public static SelectionAgreement Of(TokenSelection first, TokenSelection second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        if (first.Tokens != second.Tokens)
            throw new ArgumentException($"The first chooses from {first.Tokens} tokens and the second from {second.Tokens}: the same tokens are expected.", nameof(second));
        bool scored = first.Scores is not null && second.Scores is not null && first.Tokens > 1;
        return new(first.Count, second.Count, first.Kept.Intersect(second.Kept).Count(), first.Tokens,
            scored ? RankCorrelation.Spearman(first.Scores!, second.Scores!) : null,
            scored ? RankCorrelation.Kendall(first.Scores!, second.Scores!) : null);
    }

    /// <summary>Such as "31 of 64 and 64 shared (7.1 by chance), Jaccard 0.32, rho 0.71, tau 0.52".</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Shared} of {First} and {Second} shared ({SharedByChance:0.0} by chance), Jaccard {Jaccard:0.00}{(Spearman is { } rho ? $", rho {rho:0.00}, tau {Kendall:0.00}" : "")}");
}
