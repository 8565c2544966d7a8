using CsCheck;
using PruneNotebooks.Primitives;

namespace PruneNotebooks.Tests.Primitives;

public sealed class StagedRetentionTests
{
    // The averages of VFlowOpt's published strategies.
    [Theory]
    [InlineData(0.72332, 0.74875, 0.487, 0.50077)]
    [InlineData(0.26510, 0.98334, 0.87733, 0.25068)]
    [InlineData(0.11662, 1, 0.6011, 0.10000)]
    public void Published_strategies_have_their_published_average(double first, double second, double third, double average) =>
        Assert.Equal(average, StagedRetention.Average([9, 9, 10], [first, second, third]), tolerance: 1e-5);

    [Fact]
    public void The_last_stage_meets_the_average_if_it_can() => Gen.Select(Gen.Int[1, 12].Array[3], Gen.Double[0.05, 1].Array[3]).Sample((layers, kept) =>
        Assert.Equal(kept[2], StagedRetention.Last(layers, kept[..2], StagedRetention.Average(layers, kept)), tolerance: 1e-9));

    [Fact]
    public void It_keeps_at_most_all_and_below_zero_says_impossible()
    {
        Assert.Equal(1, StagedRetention.Last([4, 4, 4], [0.3, 0.9], 0.9));
        Assert.True(StagedRetention.Last([3, 3, 2], [0.9, 0.9], 0.1) < 0);
        Assert.Contains("[4, 4] layers do not go with kept shares of [0.5]", Assert.Throws<ArgumentException>(() => StagedRetention.Average([4, 4], [0.5])).Message, StringComparison.Ordinal);
    }
}
