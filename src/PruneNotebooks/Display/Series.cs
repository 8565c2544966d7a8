using PruneNotebooks.Metrics;

namespace PruneNotebooks.Display;

/// <summary>One line, or one colour of bars, in a chart.</summary>
public sealed record Series
{
    /// <summary>A series of points.</summary>
    /// <param name="name">What the legend says.</param>
    /// <param name="x">Where the points lie.</param>
    /// <param name="y">Their values, as many as <paramref name="x"/>; NaN leaves a gap.</param>
    /// <exception cref="ArgumentException">The numbers of positions and values differ.</exception>
    public Series(string name, IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        if (x.Count != y.Count) throw new ArgumentException($"The series '{name}' has {x.Count} positions but {y.Count} values.", nameof(y));
        (Name, X, Y) = (name, x, y);
    }

    /// <summary>What the legend says.</summary>
    public string Name { get; }

    /// <summary>Where the points lie.</summary>
    public IReadOnlyList<double> X { get; }

    /// <summary>Their values.</summary>
    public IReadOnlyList<double> Y { get; }

    /// <summary>Lower and upper ends of an interval around each value, drawn as an error bar; <see langword="null"/> for none.</summary>
    public IReadOnlyList<Interval>? Intervals { get; private init; }

    /// <summary>This series with an interval around each value.</summary>
    /// <exception cref="ArgumentException">There is another number of intervals than values.</exception>
    public Series WithIntervals(IReadOnlyList<Interval> intervals)
    {
        ArgumentNullException.ThrowIfNull(intervals);
        return intervals.Count == Y.Count ? this with { Intervals = intervals } : throw new ArgumentException(
            $"The series '{Name}' has {Y.Count} values but {intervals.Count} intervals.", nameof(intervals));
    }
}
