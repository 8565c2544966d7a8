using System.Globalization;

namespace PruneNotebooks.Metrics;

/// <summary>How many times as fast something became, and whether that is more than chance.</summary>
/// <param name="Ratio">The median, over the rounds of a measurement, of the time before by the time after: above 1 is faster.</param>
/// <param name="Interval">Its 95 % interval.</param>
public sealed record SpeedUp(double Ratio, Interval Interval)
{
    /// <summary>Compares times that were measured in the same rounds, so that what disturbed a round disturbed both.</summary>
    /// <param name="before">Times of the baseline, by round; positive.</param>
    /// <param name="after">Times of what should be faster, of the same rounds.</param>
    /// <exception cref="ArgumentException">The lists differ in length, there are too few rounds for an interval, or a time is not positive.</exception>
    public static SpeedUp Of(IReadOnlyList<TimeSpan> before, IReadOnlyList<TimeSpan> after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        if (before.Count != after.Count)
            throw new ArgumentException($"{before.Count} times before cannot be compared with {after.Count} times after: one of each per round is expected.", nameof(after));
        foreach (var time in before.Concat(after))
            if (time <= TimeSpan.Zero) throw new ArgumentException($"A time of {time} gives no ratio; positive times are expected.", nameof(before));
        double[] ratios = [.. before.Zip(after, (b, a) => b / a)];
        return new(Median.Of(ratios), Median.Interval(ratios));
    }

    /// <summary>Whether it is faster, and the interval leaves no doubt.</summary>
    public bool IsGain => Interval.Low > 1;

    /// <summary>Whether it is slower, and the interval leaves no doubt.</summary>
    public bool IsLoss => Interval.High < 1;

    /// <summary>In words, such as "1.85 times as fast [1.71, 1.96]" or "no gain at this size: 1.02 [0.97, 1.08]".</summary>
    public override string ToString()
    {
        string numbers = string.Create(CultureInfo.InvariantCulture, $"[{Interval.Low:0.00}, {Interval.High:0.00}]");
        string ratio = Ratio.ToString("0.00", CultureInfo.InvariantCulture);
        return IsGain ? $"{ratio} times as fast {numbers}" : IsLoss ? $"slower: {ratio} times as fast {numbers}" : $"no gain at this size: {ratio} {numbers}";
    }
}
