using MathNet.Numerics.Distributions;
using MathNet.Numerics.Statistics;

namespace PruneNotebooks.Metrics;

/// <summary>The median of repeated measurements, which a few disturbed ones do not move, and how sure it is.</summary>
public static class Median
{
    /// <summary>The fewest values whose median has a 95 % interval.</summary>
    public const int FewestForInterval = 6;

    /// <summary>The middle value; between the two middle ones if their number is even.</summary>
    /// <exception cref="ArgumentException">There are no values.</exception>
    public static double Of(IReadOnlyList<double> values) => SortedArrayStatistics.Median(Sorted(values));

    /// <summary>The interval between two of the values that holds the true median at least that often, whatever the distribution (from the sign test).</summary>
    /// <param name="values">Independent measurements, at least <see cref="FewestForInterval"/> for 95 %.</param>
    /// <param name="level">How often such intervals hold the true median, between 0 and 1.</param>
    /// <exception cref="ArgumentException">There are too few values for that level.</exception>
    public static Interval Interval(IReadOnlyList<double> values, double level = 0.95)
    {
        double[] sorted = Sorted(values);
        if (level is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(level), level, "A confidence level between 0 and 1 is expected, such as 0.95.");
        // The k-th value from below exceeds the median with the probability that fewer than k of n fair coins show heads.
        int cut = 0;
        while (cut < sorted.Length / 2 && 2 * Binomial.CDF(0.5, sorted.Length, cut) <= 1 - level) cut++;
        return cut > 0
            ? new(sorted[cut - 1], sorted[^cut])
            : throw new ArgumentException($"The median of {sorted.Length} values has no interval at a level of {level}: measure more often.", nameof(values));
    }

    static double[] Sorted(IReadOnlyList<double> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Count == 0) throw new ArgumentException("There are no values to take the median of.", nameof(values));
        double[] sorted = [.. values];
        Array.Sort(sorted);
        return sorted;
    }
}
