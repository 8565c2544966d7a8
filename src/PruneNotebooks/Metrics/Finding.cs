using System.Globalization;

namespace PruneNotebooks.Metrics;

/// <summary>Whether what a paper says holds on a model.</summary>
public enum Verdict
{
    /// <summary>It holds: the whole interval is on the side that the statement names.</summary>
    Yes,

    /// <summary>It does not: the whole interval is on the other side.</summary>
    No,

    /// <summary>The sample does not tell.</summary>
    Undecided,
}

/// <summary>A statement of a paper, and what was measured about it.</summary>
/// <param name="Method">Which method it is about.</param>
/// <param name="Statement">The statement, in a sentence.</param>
/// <param name="Measured">What was measured, with its interval and the size of the sample.</param>
/// <param name="Verdict">Whether it holds.</param>
public sealed record Finding(string Method, string Statement, string Measured, Verdict Verdict)
{
    /// <summary>A number of which the statement says that it is above a bound.</summary>
    /// <param name="method">Which method.</param>
    /// <param name="statement">The statement.</param>
    /// <param name="interval">Where the number is, with 95 % confidence.</param>
    /// <param name="bound">The bound.</param>
    /// <param name="measured">The number in words; the interval if not given.</param>
    public static Finding Above(string method, string statement, Interval interval, double bound = 0, string? measured = null) =>
        new(method, statement, measured ?? $"{interval}", interval.Low > bound ? Verdict.Yes : interval.High <= bound ? Verdict.No : Verdict.Undecided);

    /// <summary>A number of which the statement says that it is below a bound.</summary>
    /// <inheritdoc cref="Above(string, string, Interval, double, string?)"/>
    public static Finding Below(string method, string statement, Interval interval, double bound = 0, string? measured = null) =>
        new(method, statement, measured ?? $"{interval}", interval.High < bound ? Verdict.Yes : interval.Low >= bound ? Verdict.No : Verdict.Undecided);

    /// <summary>Values by picture or question whose mean the statement says to be above a bound; the interval is a bootstrap.</summary>
    /// <param name="method">Which method.</param>
    /// <param name="statement">The statement.</param>
    /// <param name="values">One value by picture, such as a difference.</param>
    /// <param name="bound">The bound.</param>
    public static Finding MeanAbove(string method, string statement, IReadOnlyList<double> values, double bound = 0)
    {
        ArgumentNullException.ThrowIfNull(values);
        var interval = Bootstrap.Mean(values);
        return Above(method, statement, interval, bound, string.Create(CultureInfo.InvariantCulture, $"{values.Average():0.###} {interval}, {values.Count} pictures"));
    }

    /// <summary>Right answers of one way against another, to the same questions, of which the statement says that the first are more.</summary>
    /// <param name="method">Which method.</param>
    /// <param name="statement">The statement.</param>
    /// <param name="gain">How many more.</param>
    public static Finding Better(string method, string statement, PairedDifference gain)
    {
        ArgumentNullException.ThrowIfNull(gain);
        return Above(method, statement, gain.Interval, 0, Points(gain));
    }

    /// <summary>The same, of which the statement says that the first are not fewer by more than a margin.</summary>
    /// <param name="method">Which method.</param>
    /// <param name="statement">The statement.</param>
    /// <param name="gain">How many more.</param>
    /// <param name="margin">By which share of answers they may be fewer.</param>
    public static Finding NotWorse(string method, string statement, PairedDifference gain, double margin = 0)
    {
        ArgumentNullException.ThrowIfNull(gain);
        return new(method, statement, Points(gain), gain.Interval.Low >= -margin ? Verdict.Yes : gain.Interval.High < -margin ? Verdict.No : Verdict.Undecided);
    }

    /// <summary>Cases of which the statement says that at least a share is so.</summary>
    /// <param name="method">Which method.</param>
    /// <param name="statement">The statement.</param>
    /// <param name="cases">The cases.</param>
    /// <param name="share">The share; 1 for all of them, where one counterexample decides.</param>
    public static Finding Mostly(string method, string statement, Proportion cases, double share)
    {
        ArgumentNullException.ThrowIfNull(cases);
        var interval = cases.Interval();
        var verdict = share >= 1 ? cases.Successes == cases.Count ? Verdict.Yes : Verdict.No
            : interval.Low >= share ? Verdict.Yes : interval.High < share ? Verdict.No : Verdict.Undecided;
        return new(method, statement, $"{cases.Successes} of {cases.Count}", verdict);
    }

    /// <summary>A statement that is exactly true or false.</summary>
    /// <param name="method">Which method.</param>
    /// <param name="statement">The statement.</param>
    /// <param name="holds">Whether it is true.</param>
    /// <param name="measured">What was compared.</param>
    public static Finding Exact(string method, string statement, bool holds, string measured) => new(method, statement, measured, holds ? Verdict.Yes : Verdict.No);

    static string Points(PairedDifference gain) => string.Create(CultureInfo.InvariantCulture,
        $"{100 * gain.Value:+0.0;-0.0;0.0} points [{100 * gain.Interval.Low:0.0}, {100 * gain.Interval.High:0.0}], {gain.Count} questions");

    /// <inheritdoc/>
    public override string ToString() => $"{Method}: {Statement} {Verdict}: {Measured}";
}
