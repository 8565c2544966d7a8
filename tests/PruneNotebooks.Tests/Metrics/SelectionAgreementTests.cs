using PruneNotebooks.Metrics;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Tests.Metrics;

public sealed class SelectionAgreementTests
{
    [Fact]
    public void Shared_tokens_are_counted_and_scores_compared()
    {
        var agreement = SelectionAgreement.Of(new TokenSelection([0, 1, 2], 4, [4, 3, 2, 1]), new TokenSelection([1, 2], 4, [1, 4, 3, 2]));
        Assert.Equal((3, 2, 2, 4), (agreement.First, agreement.Second, agreement.Shared, agreement.Tokens));
        Assert.Equal(2 / 3.0, agreement.Jaccard, tolerance: 1e-12);
        Assert.Equal(1.5, agreement.SharedByChance, tolerance: 1e-12);
        Assert.Equal(0, agreement.Kendall!.Value, tolerance: 1e-12);
        Assert.Equal(-0.2, agreement.Spearman!.Value, tolerance: 1e-12);
        Assert.Equal("2 of 3 and 2 shared (1.5 by chance), Jaccard 0.67, rho -0.20, tau 0.00", agreement.ToString());
    }

    [Fact]
    public void Without_scores_there_is_no_rank_correlation()
    {
        var agreement = SelectionAgreement.Of(new TokenSelection([], 4), new TokenSelection([], 4));
        Assert.Equal(1, agreement.Jaccard);
        Assert.Null(agreement.Spearman);
        Assert.Equal("0 of 0 and 0 shared (0.0 by chance), Jaccard 1.00", agreement.ToString());
        Assert.Contains("the first chooses from 4 tokens and the second from 5", Assert.Throws<ArgumentException>(() => SelectionAgreement.Of(new TokenSelection([], 4), new TokenSelection([], 5))).Message, StringComparison.OrdinalIgnoreCase);
    }
}
