using System.Globalization;

namespace PruneNotebooks.Metrics;

/// <summary>A confidence interval.</summary>
/// <param name="Low">Its lower end.</param>
/// <param name="High">Its upper end.</param>
public readonly record struct Interval(double Low, double High)
{
    /// <summary>Whether a value lies in the interval, ends included.</summary>
    public bool Contains(double value) => value >= Low && value <= High;

    /// <summary>Such as "[0.931, 0.955]".</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"[{Low:0.###}, {High:0.###}]");

    /// <summary>The ends in percent, such as "[93.1, 95.5]".</summary>
    internal string InPercent() => string.Create(CultureInfo.InvariantCulture, $"[{100 * Low:0.0}, {100 * High:0.0}]");

    /// <summary>How many standard deviations the middle <paramref name="level"/> of a normal distribution reaches to each side.</summary>
    internal static double Deviations(double level) => level is > 0 and < 1
        ? MathNet.Numerics.Distributions.Normal.InvCDF(0, 1, (1 + level) / 2)
        : throw new ArgumentOutOfRangeException(nameof(level), level, "A confidence level between 0 and 1 is expected, such as 0.95.");
}
