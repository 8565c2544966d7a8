using MathNet.Numerics.Random;
using MathNet.Numerics.Statistics;

namespace PruneNotebooks.Metrics;

/// <summary>Intervals by drawing again, with replacement, from what was measured (percentile bootstrap, Efron 1979).</summary>
/// <remarks>
/// What belongs together must be drawn together: thirteen questions about one picture are one measurement of thirteen parts, not thirteen.
/// </remarks>
public static class Bootstrap
{
    /// <summary>The interval of a mean.</summary>
    /// <param name="values">One value for each independent measurement.</param>
    /// <param name="seed">Makes the result repeatable.</param>
    /// <param name="resamples">How often to draw again.</param>
    /// <param name="level">Share of the resamples within the interval, between 0 and 1.</param>
    /// <exception cref="ArgumentException">There are no values.</exception>
    public static Interval Mean(IReadOnlyList<double> values, int seed = 0, int resamples = 2000, double level = 0.95)
    {
        ArgumentNullException.ThrowIfNull(values);
        return Ratio(values, [.. Enumerable.Repeat(1.0, values.Count)], seed, resamples, level);
    }

    /// <summary>The interval of a ratio of sums, such as the share of right answers when each picture has its own number of questions.</summary>
    /// <param name="numerators">For each independent group its part of the upper sum, such as right answers.</param>
    /// <param name="denominators">For each group its part of the lower sum, such as questions; positive.</param>
    /// <param name="seed">Makes the result repeatable.</param>
    /// <param name="resamples">How often to draw again.</param>
    /// <param name="level">Share of the resamples within the interval, between 0 and 1.</param>
    /// <exception cref="ArgumentException">There are no groups, the lists differ in length, or a denominator is not positive.</exception>
    public static Interval Ratio(
        IReadOnlyList<double> numerators, IReadOnlyList<double> denominators, int seed = 0, int resamples = 2000, double level = 0.95)
    {
        ArgumentNullException.ThrowIfNull(numerators);
        ArgumentNullException.ThrowIfNull(denominators);
        Check(numerators.Count, nameof(numerators), resamples, level);
        if (numerators.Count != denominators.Count)
            throw new ArgumentException($"{numerators.Count} numerators have {denominators.Count} denominators: one each is expected.", nameof(denominators));
        if (denominators.FirstOrDefault(part => !(part > 0), 1) is not > 0 and var bad)
            throw new ArgumentException($"A denominator is {bad}: positive numbers are expected.", nameof(denominators));

        var random = new MersenneTwister(seed, threadSafe: false);
        var ratios = new double[resamples];
        for (int resample = 0; resample < resamples; resample++)
        {
            double upper = 0, lower = 0;
            for (int draw = 0; draw < numerators.Count; draw++)
            {
                int group = random.Next(numerators.Count);
                upper += numerators[group];
                lower += denominators[group];
            }
            ratios[resample] = upper / lower;
        }
        return Quantiles(ratios, level);
    }

    /// <summary>The interval of any number that is computed from all measurements together, such as the unevenness of a histogram to which each picture adds its part.</summary>
    /// <param name="groups">The independent measurements.</param>
    /// <param name="number">From as many measurements, some of them more than once, to the number.</param>
    /// <param name="seed">Makes the result repeatable.</param>
    /// <param name="resamples">How often to draw again.</param>
    /// <param name="level">Share of the resamples within the interval, between 0 and 1.</param>
    /// <exception cref="ArgumentException">There are no measurements.</exception>
    public static Interval Of<T>(IReadOnlyList<T> groups, Func<IReadOnlyList<T>, double> number, int seed = 0, int resamples = 2000, double level = 0.95)
    {
        ArgumentNullException.ThrowIfNull(groups);
        ArgumentNullException.ThrowIfNull(number);
        Check(groups.Count, nameof(groups), resamples, level);
        var random = new MersenneTwister(seed, threadSafe: false);
        return Quantiles([.. Enumerable.Range(0, resamples).Select(_ => number([.. groups.Select(_ => groups[random.Next(groups.Count)])]))], level);
    }

    static Interval Quantiles(double[] numbers, double level)
    {
        Array.Sort(numbers);
        return new(SortedArrayStatistics.Quantile(numbers, (1 - level) / 2), SortedArrayStatistics.Quantile(numbers, (1 + level) / 2));
    }

    static void Check(int groups, string name, int resamples, double level)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(resamples, 1);
        if (level is not (> 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(level), level, "A confidence level between 0 and 1 is expected, such as 0.95.");
        if (groups == 0) throw new ArgumentException("There is nothing to draw from: at least one group is expected.", name);
    }
}
