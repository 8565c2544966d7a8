using PruneNotebooks.Metrics;

namespace PruneNotebooks.Tests.Metrics;

public sealed class SpeedUpTests
{
    static TimeSpan[] Times(int count, Func<int, double> milliseconds) => [.. Enumerable.Range(0, count).Select(i => TimeSpan.FromMilliseconds(milliseconds(i)))];

    [Fact]
    public void A_drift_that_hits_both_alike_does_not_blur_the_ratio()
    {
        // The machine becomes ten times slower while it is measured.
        var gain = SpeedUp.Of(Times(20, i => 20 * (1 + i / 2.0)), Times(20, i => 10 * (1 + i / 2.0)));
        Assert.Equal(2, gain.Ratio, 6);
        Assert.True(gain.IsGain);
        Assert.Equal("2.00 times as fast [2.00, 2.00]", $"{gain}");
    }

    [Fact]
    public void Noise_around_one_is_called_no_gain()
    {
        var none = SpeedUp.Of(Times(20, _ => 10), Times(20, i => i % 2 == 0 ? 9.5 : 10.4));
        Assert.False(none.IsGain || none.IsLoss);
        Assert.StartsWith("no gain at this size: 1.0", $"{none}");
    }

    [Fact]
    public void Slower_is_called_slower()
    {
        var loss = SpeedUp.Of(Times(8, _ => 10), Times(8, _ => 20));
        Assert.True(loss.IsLoss);
        Assert.Equal("slower: 0.50 times as fast [0.50, 0.50]", $"{loss}");
    }

    [Fact]
    public void Times_of_other_rounds_are_refused()
    {
        Assert.Throws<ArgumentException>(() => SpeedUp.Of(Times(8, _ => 10), Times(7, _ => 10)));
        Assert.Throws<ArgumentException>(() => SpeedUp.Of(Times(8, _ => 10), Times(8, _ => 0)));
    }

    [Fact]
    public void A_spread_is_the_median_and_its_quartiles()
    {
        var spread = TimeSpread.Of(Times(101, i => i));
        Assert.Equal(50, spread.Median.TotalMilliseconds, 3);
        Assert.Equal(25, spread.LowerQuartile.TotalMilliseconds, 0.5);
        Assert.Equal(75, spread.UpperQuartile.TotalMilliseconds, 0.5);
        Assert.StartsWith("50.0 ms [2", $"{spread}");
    }
}
