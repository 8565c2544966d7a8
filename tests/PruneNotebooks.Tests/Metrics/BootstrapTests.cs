using MathNet.Numerics.Statistics;
using PruneNotebooks.Metrics;

namespace PruneNotebooks.Tests.Metrics;

public sealed class BootstrapTests
{
    static readonly double[] Values = [.. Enumerable.Range(0, 400).Select(i => Math.Sin(i * 1.7) + 0.01 * i)];

    [Fact]
    public void The_interval_of_a_mean_is_that_of_the_central_limit_theorem()
    {
        var interval = Bootstrap.Mean(Values, resamples: 5000);
        double half = 1.96 * Values.StandardDeviation() / Math.Sqrt(Values.Length), mean = Values.Mean();
        Assert.Equal(mean - half, interval.Low, 0.1 * half);
        Assert.Equal(mean + half, interval.High, 0.1 * half);
    }

    [Fact]
    public void A_ratio_weighs_groups_by_their_size()
    {
        // One group of nine right out of ten, over and over: no resample can differ.
        var interval = Bootstrap.Ratio([9, 9, 9], [10, 10, 10]);
        Assert.Equal((0.9, 0.9), (interval.Low, interval.High));
        // 1 of 1 and 0 of 99: the two extremes are drawn often enough to be the ends.
        Assert.Equal(new(0, 1), Bootstrap.Ratio([1, 0], [1, 99]));
    }

    [Fact]
    public void The_seed_decides()
    {
        Assert.Equal(Bootstrap.Mean(Values, seed: 1), Bootstrap.Mean(Values, seed: 1));
        Assert.NotEqual(Bootstrap.Mean(Values, seed: 1), Bootstrap.Mean(Values, seed: 2));
    }

    [Fact]
    public void Nothing_to_draw_from_is_refused_with_the_argument()
    {
        Assert.Equal("numerators", Assert.Throws<ArgumentException>(() => Bootstrap.Ratio([], [])).ParamName);
        Assert.Equal("denominators", Assert.Throws<ArgumentException>(() => Bootstrap.Ratio([1], [])).ParamName);
        Assert.Equal("denominators", Assert.Throws<ArgumentException>(() => Bootstrap.Ratio([1, 1], [1, 0])).ParamName);
        Assert.Equal("denominators", Assert.Throws<ArgumentException>(() => Bootstrap.Ratio([1], [double.NaN])).ParamName);
        Assert.Equal("resamples", Assert.Throws<ArgumentOutOfRangeException>(() => Bootstrap.Mean([1], resamples: 0)).ParamName);
        Assert.Equal("level", Assert.Throws<ArgumentOutOfRangeException>(() => Bootstrap.Mean([1], level: 1)).ParamName);
    }

    [Fact]
    public void A_number_of_all_measurements_is_drawn_like_a_mean_if_it_is_one()
    {
        double[] values = [1, 2, 4, 8, 16, 3];
        Assert.Equal(Bootstrap.Mean(values), Bootstrap.Of(values, drawn => drawn.Average()));
        Assert.Equal("groups", Assert.Throws<ArgumentException>(() => Bootstrap.Of(Array.Empty<double>(), drawn => drawn.Sum())).ParamName);
    }
}
