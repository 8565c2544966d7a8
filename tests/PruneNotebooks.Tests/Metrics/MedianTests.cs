using CsCheck;
using PruneNotebooks.Metrics;

namespace PruneNotebooks.Tests.Metrics;

public sealed class MedianTests
{
    // Tables of the sign test, such as Conover (1999), table A.3: from which to which value the interval reaches.
    [Theory]
    [InlineData(6, 1, 6)]
    [InlineData(10, 2, 9)]
    [InlineData(20, 6, 15)]
    [InlineData(50, 18, 33)]
    public void The_interval_lies_between_the_values_of_the_sign_test(int count, int low, int high)
    {
        double[] values = [.. Enumerable.Range(1, count).Select(i => (double)i).Reverse()];
        Assert.Equal(new Interval(low, high), Median.Interval(values));
    }

    [Fact]
    public void Five_values_have_no_interval() =>
        Assert.Contains("measure more often", Assert.Throws<ArgumentException>(() => Median.Interval([1, 2, 3, 4, 5])).Message);

    [Fact]
    public void One_disturbed_run_moves_the_median_by_no_more_than_one_value() =>
        Gen.Double[1, 2].Array[7, 30].Sample(values =>
        {
            double[] disturbed = [.. values.Skip(1), 1000];
            double[] sorted = [.. values.Order()];
            return Median.Of(disturbed) >= sorted[(values.Length - 1) / 2] && Median.Of(disturbed) <= sorted[values.Length / 2 + 1];
        });

    [Fact]
    public void The_interval_holds_the_true_median_as_often_as_it_says()
    {
        var random = new Random(1);
        int held = Enumerable.Range(0, 2000).Count(_ => Median.Interval([.. Enumerable.Range(0, 20).Select(_ => Math.Exp(3 * random.NextDouble()))]).Contains(Math.Exp(1.5)));
        Assert.InRange(held / 2000.0, 0.945, 0.975); // 95.9 % for 20 values
    }
}
