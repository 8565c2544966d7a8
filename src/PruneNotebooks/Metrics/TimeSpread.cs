using System.Globalization;
using MathNet.Numerics.Statistics;

namespace PruneNotebooks.Metrics;

/// <summary>A time that was measured several times: its median, and the quartiles between which the middle half of the measurements lies.</summary>
/// <param name="Median">The median.</param>
/// <param name="LowerQuartile">A quarter of the measurements is below.</param>
/// <param name="UpperQuartile">A quarter of the measurements is above.</param>
public readonly record struct TimeSpread(TimeSpan Median, TimeSpan LowerQuartile, TimeSpan UpperQuartile)
{
    /// <summary>The spread of some measurements.</summary>
    /// <exception cref="ArgumentException">There are none.</exception>
    public static TimeSpread Of(IEnumerable<TimeSpan> times)
    {
        ArgumentNullException.ThrowIfNull(times);
        double[] sorted = [.. times.Select(time => time.TotalSeconds).Order()];
        if (sorted.Length == 0) throw new ArgumentException("There are no times to take the median of.", nameof(times));
        return new(At(0.5), At(0.25), At(0.75));

        TimeSpan At(double part) => TimeSpan.FromSeconds(SortedArrayStatistics.Quantile(sorted, part));
    }

    /// <summary>Milliseconds, such as "12.3 ms [11.9, 13.4]".</summary>
    public override string ToString() => $"{Milliseconds(Median)} ms [{Milliseconds(LowerQuartile)}, {Milliseconds(UpperQuartile)}]";

    static string Milliseconds(TimeSpan time) =>
        time.TotalMilliseconds.ToString(time.TotalMilliseconds switch { 0 => "0", < 10 => "0.00", < 100 => "0.0", _ => "0" }, CultureInfo.InvariantCulture);
}
