using PruneNotebooks.Primitives;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Primitives;

public sealed class RankingTests
{
    [Fact]
    public void Equal_scores_keep_the_order_of_the_tokens()
    {
        using var scores = tensor(new float[] { 1, 3, 1, 3, 2, 3 });
        Assert.Equal([1, 3, 5, 4, 0, 2], Ranking.Of(scores).Order);
        using var equal = zeros(5000);
        Assert.Equal(Enumerable.Range(0, 5000).Select(i => (long)i), Ranking.Of(equal).Order);
    }

    [Fact]
    public void Excluded_tokens_are_not_chosen()
    {
        using var scores = tensor(new float[] { 1, 3, 1, 3, 2, 3 });
        Assert.Equal([3, 4, 0], Ranking.Of(scores).Top(3, except: [1, 5]));
        Assert.Contains("2 of them are excluded", Assert.Throws<ArgumentOutOfRangeException>(() => Ranking.Of(scores).Top(5, except: [1, 5])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(float.NaN, "NaN")]
    [InlineData(float.PositiveInfinity, "Infinity")]
    [InlineData(float.NegativeInfinity, "-Infinity")]
    public void A_score_that_is_no_number_is_refused_by_name(float value, string name)
    {
        using var scores = tensor(new[] { 1, 2, value, 4 });
        Assert.Contains($"score of token 2 is {name}", Assert.Throws<ArgumentException>(() => Ranking.Of(scores)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Attention_is_averaged_over_heads_and_queries()
    {
        using var rows = tensor(new float[,] { { 0, 1, 4 }, { 2, 2, 2 } });
        Assert.Equal([1, 1.5f, 3], Ranking.ByAttention(rows).Scores);
        using var matrices = rows.unsqueeze(0);
        Assert.Equal([1, 1.5f, 3], Ranking.ByAttention(matrices).Scores);
        using var vector = zeros(4);
        Assert.Contains("it is [4]", Assert.Throws<ArgumentException>(() => Ranking.ByAttention(vector)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Double_precision_scores_are_ranked_in_double_precision()
    {
        using var scores = tensor(new[] { 1, 1 + 1e-12 });
        Assert.Equal([1, 0], Ranking.Of(scores).Order);
    }
}
