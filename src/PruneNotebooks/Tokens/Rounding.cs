namespace PruneNotebooks.Tokens;

/// <summary>How a fraction of tokens becomes a whole number; papers differ.</summary>
public enum Rounding
{
    /// <summary>To the nearest, ties to even: Python's <c>round</c>, .NET's <see cref="Math.Round(double)"/>.</summary>
    HalfToEven,

    /// <summary>Towards zero: Python's <c>int</c>.</summary>
    Down,

    /// <summary>Up: <c>ceil</c>.</summary>
    Up,

    /// <summary>To the nearest, ties up: <c>floor(x + 0.5)</c>.</summary>
    HalfUp,
}

/// <summary>Applies a <see cref="Rounding"/>, always in double precision.</summary>
public static class RoundingRule
{
    /// <summary>The whole number that <paramref name="rounding"/> makes of <paramref name="value"/>.</summary>
    public static int Apply(this Rounding rounding, double value) => checked((int)(rounding switch
    {
        Rounding.HalfToEven => Math.Round(value, MidpointRounding.ToEven),
        Rounding.Down => Math.Truncate(value),
        Rounding.Up => Math.Ceiling(value),
        Rounding.HalfUp => Math.Floor(value + 0.5),
        _ => throw new ArgumentOutOfRangeException(nameof(rounding), rounding, "Unknown rounding rule."),
    }));
}
