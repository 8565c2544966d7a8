using System.Diagnostics;

namespace PruneNotebooks.Benchmarks;

/// <summary>Milliseconds of several computations.</summary>
/// <param name="Samples">By computation: one sample per round.</param>
internal sealed record Timing(double[][] Samples)
{
    public double Median(int way) => Quantile(Samples[way], 0.5);

    /// <summary>How many times as long as another a computation takes, from round to round: median and quartiles.</summary>
    public (double Low, double Median, double High) Ratio(int slow, int fast)
    {
        double[] ratios = [.. Samples[slow].Zip(Samples[fast], (a, b) => a / b)];
        return (Quantile(ratios, 0.25), Quantile(ratios, 0.5), Quantile(ratios, 0.75));
    }

    static double Quantile(double[] samples, double share)
    {
        double[] sorted = [.. samples.Order()];
        double place = share * (sorted.Length - 1);
        int below = (int)place, above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }
}

/// <summary>Times computations in turn, in alternating order, so that whatever else the machine does meets all of them.</summary>
internal static class InterleavedTiming
{
    const int MinRounds = 7, MaxRounds = 2000;
    static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(0.5), Time = TimeSpan.FromSeconds(3);

    /// <summary>Runs all of them once per round: at least a few rounds, and enough to fill the time.</summary>
    /// <param name="ways">Each computes once and says how many milliseconds it took.</param>
    public static Timing Measure(params Func<double>[] ways)
    {
        for (long start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < WarmUp;)
            foreach (var way in ways) _ = way();
        List<double>[] samples = [.. ways.Select(_ => new List<double>())];
        long begin = Stopwatch.GetTimestamp();
        for (int round = 0; round < MinRounds || (round < MaxRounds && Stopwatch.GetElapsedTime(begin) < Time); round++)
            for (int i = 0; i < ways.Length; i++)
            {
                int way = round % 2 == 0 ? i : ways.Length - 1 - i;
                samples[way].Add(ways[way]());
            }
        return new Timing([.. samples.Select(list => list.ToArray())]);
    }
}
