using System.Globalization;

namespace PruneNotebooks.Metrics;

/// <summary>How many of a number of cases succeeded, such as the accuracy of a model on questions.</summary>
public sealed record Proportion
{
    /// <summary>Takes the two counts.</summary>
    /// <param name="successes">Cases that succeeded, 0 to <paramref name="count"/>.</param>
    /// <param name="count">Cases in all; 0 gives a proportion that says nothing.</param>
    /// <exception cref="ArgumentOutOfRangeException">A count is negative, or more succeeded than there are.</exception>
    public Proportion(int successes, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (successes < 0 || successes > count)
            throw new ArgumentOutOfRangeException(nameof(successes), successes, $"Of {count} cases, 0 to {count} can succeed.");
        (Successes, Count) = (successes, count);
    }

    /// <summary>Cases that succeeded.</summary>
    public int Successes { get; }

    /// <summary>Cases in all.</summary>
    public int Count { get; }

    /// <summary>The share of successes, 0 to 1; not a number if there is no case.</summary>
    public double Value => (double)Successes / Count;

    /// <summary>Counts the successes among cases.</summary>
    public static Proportion Of(IEnumerable<bool> cases)
    {
        ArgumentNullException.ThrowIfNull(cases);
        int successes = 0, count = 0;
        foreach (bool success in cases)
        {
            count++;
            if (success) successes++;
        }
        return new(successes, count);
    }

    /// <summary>Wilson's score interval (Wilson 1927), good for small counts and for shares near 0 and 1.</summary>
    /// <param name="level">How often such intervals hold the true share, between 0 and 1.</param>
    /// <remarks>Cases count as independent. If several come from one picture, <see cref="Bootstrap"/> over pictures gives honest, wider intervals.</remarks>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="level"/> is not between 0 and 1.</exception>
    public Interval Interval(double level = 0.95)
    {
        double z = Metrics.Interval.Deviations(level);
        if (Count == 0) return new(0, 1);
        double pull = z * z / Count;
        double middle = (Value + pull / 2) / (1 + pull);
        double half = z / (1 + pull) * Math.Sqrt((Value * (1 - Value) + pull / 4) / Count);
        // Exactly 0 and 1 where no or every case succeeded, whatever rounding says.
        return new(Successes == 0 ? 0 : middle - half, Successes == Count ? 1 : middle + half);
    }

    /// <summary>Both together.</summary>
    public static Proportion operator +(Proportion left, Proportion right) => new(left.Successes + right.Successes, left.Count + right.Count);

    /// <inheritdoc cref="op_Addition"/>
    public Proportion Add(Proportion other) => this + other;

    /// <summary>Value and 95 % interval, such as "94.4 % [93.1, 95.5] of 1,240".</summary>
    public override string ToString() => Count == 0
        ? "no cases"
        : string.Create(CultureInfo.InvariantCulture, $"{100 * Value:0.0} % {Interval().InPercent()} of {Count:N0}");
}
