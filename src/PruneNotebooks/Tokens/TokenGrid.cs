namespace PruneNotebooks.Tokens;

/// <summary>The rows and columns in which the visual tokens of one image lie; token <c>i</c> is at row <c>i / Width</c>, column <c>i % Width</c>.</summary>
/// <param name="Height">Rows of tokens, at least 1.</param>
/// <param name="Width">Columns of tokens, at least 1.</param>
public readonly record struct TokenGrid(int Height, int Width)
{
    /// <summary>A grid with as many rows as columns.</summary>
    public static TokenGrid Square(int side) => new(side, side);

    /// <summary>Rows of tokens.</summary>
    public int Height { get; } = Positive(Height, nameof(Height));

    /// <summary>Columns of tokens.</summary>
    public int Width { get; } = Positive(Width, nameof(Width));

    /// <summary>Number of places, <c>Height * Width</c>.</summary>
    public int Count => Height * Width;

    /// <summary>The row of a token.</summary>
    public int Row(long token) => (int)(token / Width);

    /// <summary>The column of a token.</summary>
    public int Column(long token) => (int)(token % Width);

    /// <inheritdoc/>
    public override string ToString() => $"{Height} x {Width}";

    static int Positive(int value, string name) =>
        value > 0 ? value : throw new ArgumentOutOfRangeException(name, value, $"A token grid needs at least one row and one column; {name} is {value}.");
}
