using PruneNotebooks.Tokens;

namespace PruneNotebooks.Primitives;

/// <summary>Tokens that lie as evenly on the grid as their number allows: what a picture is sampled by when nothing in it is looked at.</summary>
public static class GridSpread
{
    /// <summary>Chooses tokens in rows and columns whose cells are as near to squares as possible.</summary>
    /// <remarks>
    /// <para>
    /// Of all numbers of rows r that have room (at most H, and at least K / W so that no row overflows), the one whose cells - H / r high and W r / K wide -
    /// are nearest to a square in the ratio of their sides; the smaller of equals. The K tokens are shared out among the r rows so that their numbers differ by at most one and the longer
    /// rows are spread among the others. Each token is the one in the middle of its cell: row floor((i + 1/2) H / r), column floor((j + 1/2) W / n).
    /// </para>
    /// <para>O(H + K).</para>
    /// </remarks>
    /// <param name="grid">The token grid, H x W.</param>
    /// <param name="count">How many, K, 1 to H W.</param>
    /// <returns>Ascending indices, <c>[K]</c>.</returns>
    public static long[] Choose(TokenGrid grid, int count)
    {
        if (count < 1 || count > grid.Count) throw new ArgumentOutOfRangeException(nameof(count), count, $"{count} of {grid.Count} tokens cannot be chosen.");
        int least = (count + grid.Width - 1) / grid.Width, most = Math.Min(grid.Height, count);
        long rows = Enumerable.Range(least, most - least + 1).MinBy(r => Elongation((long)grid.Height * count, (long)grid.Width * r * r));
        long[] chosen = new long[count];
        int next = 0;
        for (long i = 0; i < rows; i++)
        {
            long row = Middle(i, rows, grid.Height), inRow = (i + 1) * count / rows - i * count / rows;
            for (long j = 0; j < inRow; j++) chosen[next++] = row * grid.Width + Middle(j, inRow, grid.Width);
        }
        return chosen;
    }

    static double Elongation(long a, long b) => (double)Math.Max(a, b) / Math.Min(a, b);

    static long Middle(long cell, long cells, int size) => (2 * cell + 1) * size / (2 * cells);
}
