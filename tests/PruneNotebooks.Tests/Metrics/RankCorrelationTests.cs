using CsCheck;
using PruneNotebooks.Metrics;

namespace PruneNotebooks.Tests.Metrics;

public sealed class RankCorrelationTests
{
    // Few different values: ties on one side, on both, and runs of them.
    static readonly Gen<(float[] First, float[] Second)> Scores =
        from count in Gen.Int[2, 40]
        from first in Gen.Int[0, 6].Array[count]
        from second in Gen.Int[0, 6].Array[count]
        select (Array.ConvertAll(first, i => (float)i), Array.ConvertAll(second, i => (float)i));

    [Fact]
    public void Kendall_is_what_comparing_all_pairs_gives() => Scores.Sample(s =>
    {
        long same = 0, opposite = 0, first = 0, second = 0;
        for (int i = 0; i < s.First.Length; i++)
            for (int j = 0; j < i; j++)
            {
                int a = s.First[i].CompareTo(s.First[j]), b = s.Second[i].CompareTo(s.Second[j]);
                if (a * b > 0) same++;
                if (a * b < 0) opposite++;
                if (a != 0) first++;
                if (b != 0) second++;
            }
        Assert.Equal((same - opposite) / Math.Sqrt((double)first * second), RankCorrelation.Kendall(s.First, s.Second), tolerance: 1e-12);
    });

    [Fact]
    public void Spearman_is_the_correlation_of_mean_ranks() => Scores.Sample(s =>
    {
        double[] a = Ranks(s.First), b = Ranks(s.Second);
        double ma = a.Average(), mb = b.Average();
        double expected = a.Zip(b, (x, y) => (x - ma) * (y - mb)).Sum() / Math.Sqrt(a.Sum(x => (x - ma) * (x - ma)) * b.Sum(y => (y - mb) * (y - mb)));
        Assert.Equal(expected, RankCorrelation.Spearman(s.First, s.Second), tolerance: 1e-9);

        static double[] Ranks(float[] scores) => Array.ConvertAll(scores, score => scores.Count(other => other < score) + (scores.Count(other => other == score) + 1) / 2.0);
    });

    [Fact]
    public void The_same_order_is_1_and_the_opposite_is_minus_1()
    {
        float[] up = [1, 5, 7, 100], down = [4, 3, 0, -1];
        foreach (var measure in new Func<float[], float[], double>[] { RankCorrelation.Kendall, RankCorrelation.Spearman })
        {
            Assert.Equal(1, measure(up, up), tolerance: 1e-12);
            Assert.Equal(-1, measure(up, down), tolerance: 1e-12);
            Assert.True(double.IsNaN(measure(up, [1, 1, 1, 1])));
        }
    }

    [Fact]
    public void Scores_that_cannot_be_ranked_are_refused()
    {
        Assert.Contains("there are 2 and 3", Assert.Throws<ArgumentException>(() => RankCorrelation.Kendall([1, 2], [1, 2, 3])).Message, StringComparison.Ordinal);
        Assert.Contains("token 1 is not a number", Assert.Throws<ArgumentException>(() => RankCorrelation.Spearman([1, 2], [1, float.NaN])).Message, StringComparison.Ordinal);
    }
}
