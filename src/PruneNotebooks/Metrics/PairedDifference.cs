using System.Globalization;
using MathNet.Numerics.Distributions;

namespace PruneNotebooks.Metrics;

/// <summary>How much the share of successes changes between two ways of treating the same cases, such as all tokens and half of them.</summary>
/// <param name="Gained">Cases that succeed the second way only.</param>
/// <param name="Lost">Cases that succeed the first way only.</param>
/// <param name="Count">Cases in all.</param>
/// <param name="Interval">The 95 % interval of <see cref="Value"/>.</param>
/// <remarks>
/// Comparing case by case is far sharper than comparing two proportions: what both ways get right or wrong drops out.
/// </remarks>
public sealed record PairedDifference(int Gained, int Lost, int Count, Interval Interval)
{
    /// <summary>The change of the share, -1 to 1: positive if the second way is better.</summary>
    public double Value => (double)(Gained - Lost) / Count;

    /// <summary>Compares independent cases; the interval is the adjusted Wald interval of Agresti and Min (2005, Statistics in Medicine 24).</summary>
    /// <param name="first">Which cases succeed the first way.</param>
    /// <param name="second">Which of the same cases, in the same order, succeed the second way.</param>
    /// <exception cref="ArgumentException">The lists are empty or not of the same length.</exception>
    public static PairedDifference Of(IReadOnlyList<bool> first, IReadOnlyList<bool> second)
    {
        var (gained, lost) = Compare(first, second);
        // Half a case is added to each of the four cells: the interval stays honest where nothing changed, or everything.
        double count = first.Count + 2, difference = (gained - lost) / count;
        double half = Interval.Deviations(0.95) * Math.Sqrt((gained + lost + 1) / count - difference * difference) / Math.Sqrt(count);
        return new(gained, lost, first.Count, new(Math.Max(-1, difference - half), Math.Min(1, difference + half)));
    }

    /// <summary>Compares cases that belong together in groups, such as questions about one picture; the interval is bootstrapped over groups.</summary>
    /// <param name="first">Which cases succeed the first way.</param>
    /// <param name="second">Which of the same cases, in the same order, succeed the second way.</param>
    /// <param name="groups">The group of each case; any numbers, such as the seeds of scenes.</param>
    /// <param name="seed">Makes the interval repeatable.</param>
    /// <exception cref="ArgumentException">The lists are empty or not of the same length.</exception>
    public static PairedDifference OfGroups(IReadOnlyList<bool> first, IReadOnlyList<bool> second, IReadOnlyList<ulong> groups, int seed = 0)
    {
        var (gained, lost) = Compare(first, second);
        ArgumentNullException.ThrowIfNull(groups);
        if (groups.Count != first.Count)
            throw new ArgumentException($"{first.Count} cases have {groups.Count} groups: one for each case is expected.", nameof(groups));
        var members = Enumerable.Range(0, groups.Count).GroupBy(i => groups[i]).ToList();
        double[] changes = [.. members.Select(group => (double)group.Sum(i => (second[i] ? 1 : 0) - (first[i] ? 1 : 0)))];
        double[] sizes = [.. members.Select(group => (double)group.Count())];
        return new(gained, lost, first.Count, Bootstrap.Ratio(changes, sizes, seed));
    }

    /// <summary>The probability that independent cases change sides at least as unevenly if both ways are equally good (exact McNemar test, two-sided).</summary>
    public double PValue() => Gained + Lost == 0 ? 1 : Math.Min(1, 2 * Binomial.CDF(0.5, Gained + Lost, Math.Min(Gained, Lost)));

    static (int Gained, int Lost) Compare(IReadOnlyList<bool> first, IReadOnlyList<bool> second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        if (first.Count == 0) throw new ArgumentException("There are no cases to compare.", nameof(first));
        if (first.Count != second.Count)
            throw new ArgumentException($"{first.Count} cases cannot be compared with {second.Count}: the same cases are expected.", nameof(second));
        int gained = 0, lost = 0;
        for (int i = 0; i < first.Count; i++)
        {
            if (second[i] && !first[i]) gained++;
            if (first[i] && !second[i]) lost++;
        }
        return (gained, lost);
    }

    /// <summary>Change and 95 % interval in percentage points, such as "-2.4 points [-3.1, -1.7] of 1,240 (8 gained, 38 lost)".</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{100 * Value:+0.0;-0.0;0.0} points {Interval.InPercent()} of {Count:N0} ({Gained:N0} gained, {Lost:N0} lost)");
}
