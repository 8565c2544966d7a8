using PruneNotebooks.Tokens;

namespace PruneNotebooks.Primitives;

/// <summary>The best tokens of each window of the grid, so that every part of the picture is seen (VScan, arXiv 2505.22654). O(N).</summary>
public static class Windows
{
    /// <summary>So many of the best tokens of each window. Rows and columns that do not fill a window are in none.</summary>
    /// <param name="ranking">The tokens by score.</param>
    /// <param name="grid">The whole grid.</param>
    /// <param name="size">Rows and columns of a window.</param>
    /// <param name="count">How many tokens in all; what does not divide by the number of windows is lost.</param>
    /// <returns>Ascending; at most <paramref name="count"/>.</returns>
    public static long[] Top(Ranking ranking, TokenGrid grid, int size, int count)
    {
        ArgumentNullException.ThrowIfNull(ranking);
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        int down = grid.Height / size, across = grid.Width / size;
        if (down * across == 0) return [];
        int each = count / (down * across);
        return Walk(ranking, grid, size, down, across, each, int.MaxValue, token => grid.Row(token) / size < down && grid.Column(token) / size < across);
    }

    /// <summary>Walks down the ranking and takes tokens while their window has room; the last windows of rows and columns take in what does not fill one.</summary>
    /// <param name="ranking">The tokens by score.</param>
    /// <param name="grid">The whole grid.</param>
    /// <param name="size">Rows and columns of a window.</param>
    /// <param name="count">How many tokens; each window has room for this over the number of windows, rounded up.</param>
    /// <returns>Ascending; fewer only where windows have fewer tokens than room.</returns>
    public static long[] Capped(Ranking ranking, TokenGrid grid, int size, int count)
    {
        ArgumentNullException.ThrowIfNull(ranking);
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        int down = Math.Max(1, grid.Height / size), across = Math.Max(1, grid.Width / size);
        return Walk(ranking, grid, size, down, across, room: (count + (down * across) - 1) / (down * across), count, _ => true);
    }

    static long[] Walk(Ranking ranking, TokenGrid grid, int size, int down, int across, int room, int count, Func<long, bool> takesPart)
    {
        int[] taken = new int[down * across];
        List<long> chosen = [];
        foreach (long token in ranking.Order)
        {
            if (chosen.Count == count) break;
            if (!takesPart(token)) continue;
            ref int here = ref taken[(Math.Min(grid.Row(token) / size, down - 1) * across) + Math.Min(grid.Column(token) / size, across - 1)];
            if (here >= room) continue;
            here++;
            chosen.Add(token);
        }
        return [.. chosen.Order()];
    }
}
