using PruneNotebooks.Tokens;

namespace PruneNotebooks.Metrics;

/// <summary>A token grid cut into square windows, whose tokens are probed together.</summary>
/// <remarks>
/// Windows are numbered column by column, as in the published probe (<i>When Token Pruning is Worse than Random</i>, arXiv 2512.07580): window <c>w</c> lies in
/// column <c>w / Rows</c> and row <c>w % Rows</c> of windows. The tokens of a window ascend.
/// </remarks>
public sealed record TokenWindows
{
    /// <summary>Cuts a grid.</summary>
    /// <param name="grid">The grid.</param>
    /// <param name="size">Side of a window, in tokens; divides height and width of the grid.</param>
    /// <exception cref="ArgumentOutOfRangeException">Windows of that size do not tile the grid; the message says which sizes do.</exception>
    public TokenWindows(TokenGrid grid, int size)
    {
        if (size < 1 || grid.Height % size != 0 || grid.Width % size != 0)
            throw new ArgumentOutOfRangeException(nameof(size), size, $"Windows of {size} x {size} do not tile a grid of {grid}: use a size of {string.Join(" or ", SizesFor(grid))}.");
        (Grid, Size, Rows, Columns) = (grid, size, grid.Height / size, grid.Width / size);
    }

    /// <summary>The grid of tokens.</summary>
    public TokenGrid Grid { get; }

    /// <summary>Side of a window, in tokens.</summary>
    public int Size { get; }

    /// <summary>Rows of windows.</summary>
    public int Rows { get; }

    /// <summary>Columns of windows.</summary>
    public int Columns { get; }

    /// <summary>Number of windows, W.</summary>
    public int Count => Rows * Columns;

    /// <summary>The sides that windows of a grid can have, ascending: 1 is always among them.</summary>
    public static IReadOnlyList<int> SizesFor(TokenGrid grid) =>
        [.. Enumerable.Range(1, Math.Min(grid.Height, grid.Width)).Where(size => grid.Height % size == 0 && grid.Width % size == 0)];

    /// <summary>The row of windows in which a window lies, 0-based.</summary>
    public int Row(int window) => Checked(window) % Rows;

    /// <summary>The column of windows in which a window lies, 0-based.</summary>
    public int Column(int window) => Checked(window) / Rows;

    /// <summary>The tokens of a window, ascending.</summary>
    public long[] Tokens(int window)
    {
        long first = (long)Row(window) * Size * Grid.Width + Column(window) * Size;
        return [.. Enumerable.Range(0, Size).SelectMany(row => Enumerable.Range(0, Size).Select(column => first + row * Grid.Width + column))];
    }

    /// <summary>The window in which a token lies.</summary>
    public int WindowOf(long token) => token >= 0 && token < Grid.Count
        ? Grid.Column(token) / Size * Rows + Grid.Row(token) / Size
        : throw new ArgumentOutOfRangeException(nameof(token), token, $"A grid of {Grid} has tokens 0 to {Grid.Count - 1}.");

    /// <summary>Gives each token the value of its window.</summary>
    /// <param name="values">One value for each window, in the order of the windows.</param>
    /// <returns>One value for each token, row by row, <c>[N]</c>.</returns>
    /// <exception cref="ArgumentException">There is not one value for each window.</exception>
    public T[] ToTokens<T>(IReadOnlyList<T> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Count != Count) throw new ArgumentException($"{Count} windows need {Count} values; there are {values.Count}.", nameof(values));
        return [.. Enumerable.Range(0, Grid.Count).Select(token => values[WindowOf(token)])];
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Count} windows of {Size} x {Size} on a grid of {Grid}";

    int Checked(int window) => window >= 0 && window < Count
        ? window
        : throw new ArgumentOutOfRangeException(nameof(window), window, $"There are windows 0 to {Count - 1}.");
}
