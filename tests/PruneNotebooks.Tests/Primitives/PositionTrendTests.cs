using PruneNotebooks.Primitives;

namespace PruneNotebooks.Tests.Primitives;

public sealed class PositionTrendTests
{
    [Fact]
    public void Weights_undo_the_trend_and_begin_with_1()
    {
        double[] weights = new PositionTrend.Exponential(1.251).Weights(576);
        Assert.Equal(1, weights[0]);
        Assert.Equal(Math.Exp(-0.00217186 * 575), weights[575], tolerance: 1e-4);
        Assert.All(PositionTrend.None.Weights(9), weight => Assert.Equal(1, weight));
        for (int i = 0; i < 576; i++) Assert.Equal(1, weights[i] * new PositionTrend.Exponential(1.251).At(i / 576.0), tolerance: 1e-12);
    }

    // w_575 = 0.35824, as published.
    [Fact]
    public void The_published_cubic_of_FastV_ends_where_its_vector_does() =>
        Assert.Equal(0.35824, PositionTrend.PublishedFastV.Weights(576)[575], tolerance: 5e-6);

    [Fact]
    public void Given_weights_are_for_their_number_of_tokens_and_equal_by_value()
    {
        var given = new PositionTrend.Given([1, 0.5, 0.25]);
        Assert.Equal([1, 0.5, 0.25], given.Weights(3));
        Assert.Equal(4, given.At(2 / 3.0));
        Assert.Contains("3 tokens, but the image has 4", Assert.Throws<ArgumentException>(() => given.Weights(4)).Message, StringComparison.Ordinal);
        Assert.Equal(new PositionTrend.Given([1, 0.5, 0.25]), given);
        Assert.Equal(new PositionTrend.Given([1, 0.5, 0.25]).GetHashCode(), given.GetHashCode());
        Assert.NotEqual(new PositionTrend.Given([1, 0.5, 0.5]), given);
        Assert.Contains("token 1 is -1", Assert.Throws<ArgumentException>(() => new PositionTrend.Given([1, -1])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_trend_that_is_not_positive_is_refused() =>
        Assert.Contains("is 0 at token 2 of 4", Assert.Throws<InvalidOperationException>(() => new PositionTrend.Cubic(-2, 0, 0).Weights(4)).Message, StringComparison.Ordinal);
}
