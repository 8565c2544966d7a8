using CsCheck;
using PruneNotebooks.Metrics;

namespace PruneNotebooks.Tests.Metrics;

public sealed class ProportionTests
{
    // Newcombe 1998, Statistics in Medicine 17, table I, method 3.
    [Theory]
    [InlineData(81, 263, 0.2553, 0.3662)]
    [InlineData(15, 148, 0.0624, 0.1605)]
    [InlineData(0, 20, 0.0000, 0.1611)]
    [InlineData(1, 29, 0.0061, 0.1718)]
    public void Intervals_are_those_of_the_literature(int successes, int count, double low, double high)
    {
        var interval = new Proportion(successes, count).Interval();
        Assert.Equal(low, interval.Low, 4);
        Assert.Equal(high, interval.High, 4);
    }

    static readonly Gen<Proportion> Any =
        Gen.Int[1, 5000].SelectMany(count => Gen.Int[0, count].Select(successes => new Proportion(successes, count)));

    [Fact]
    public void An_interval_holds_the_value_and_mirrors_that_of_the_failures() => Any.Sample(proportion =>
    {
        var interval = proportion.Interval();
        var failures = new Proportion(proportion.Count - proportion.Successes, proportion.Count).Interval();
        Assert.True(interval.Contains(proportion.Value));
        Assert.InRange(interval.Low, 0, interval.High);
        Assert.InRange(interval.High, interval.Low, 1);
        Assert.Equal(interval.Low, 1 - failures.High, tolerance: 1e-12);
        Assert.Equal(interval.High, 1 - failures.Low, tolerance: 1e-12);
    });

    [Fact]
    public void A_higher_level_gives_a_wider_interval() => Any.Sample(proportion =>
    {
        var (wide, narrow) = (proportion.Interval(0.99), proportion.Interval(0.9));
        Assert.True(wide.High - wide.Low > narrow.High - narrow.Low);
    });

    [Fact]
    public void It_reads_as_a_value_with_its_interval()
    {
        Assert.Equal("94.4 % [93.0, 95.6] of 1,240", new Proportion(1171, 1240).ToString());
        Assert.Equal("no cases", new Proportion(0, 0).ToString());
        Assert.Equal(new(0, 1), new Proportion(0, 0).Interval());
    }

    [Fact]
    public void Cases_are_counted_and_proportions_added_up() =>
        Assert.Equal(new Proportion(3, 5), Proportion.Of([true, false, true]) + Proportion.Of([true, false]));

    [Fact]
    public void Impossible_counts_and_levels_are_refused()
    {
        Assert.Equal("successes", Assert.Throws<ArgumentOutOfRangeException>(() => new Proportion(4, 3)).ParamName);
        Assert.Equal("successes", Assert.Throws<ArgumentOutOfRangeException>(() => new Proportion(-1, 3)).ParamName);
        Assert.Equal("count", Assert.Throws<ArgumentOutOfRangeException>(() => new Proportion(0, -1)).ParamName);
        Assert.Equal("level", Assert.Throws<ArgumentOutOfRangeException>(() => new Proportion(1, 3).Interval(95)).ParamName);
    }
}
