using PruneNotebooks.Tokens;

namespace PruneNotebooks.Primitives;

/// <summary>What counts as a neighbour on the token grid.</summary>
public enum Neighbours
{
    /// <summary>
    /// The flat indices <c>i - 1, i + 1, i - W, i + W</c>, clamped to <c>0 .. N - 1</c>, as published code does: the left neighbour of
    /// column 0 is the last column of the row above, and above the first row lies token 0.
    /// </summary>
    Flat,

    /// <summary>The tokens left, right, above and below that exist.</summary>
    Grid,
}

/// <summary>Tokens next to tokens.</summary>
public static class GridNeighbours
{
    /// <summary>These tokens and their four neighbours, ascending, each once. O(K).</summary>
    /// <param name="grid">The whole grid.</param>
    /// <param name="tokens">Tokens on it.</param>
    /// <param name="rule">What counts as a neighbour.</param>
    public static long[] WithNeighbours(this TokenGrid grid, IReadOnlyCollection<long> tokens, Neighbours rule)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        var all = new SortedSet<long>(tokens);
        foreach (long token in tokens)
        {
            bool flat = rule == Neighbours.Flat;
            int column = grid.Column(token);
            if (flat || column > 0) Add(token - 1);
            if (flat || column < grid.Width - 1) Add(token + 1);
            if (flat || token >= grid.Width) Add(token - grid.Width);
            if (flat || token < grid.Count - grid.Width) Add(token + grid.Width);
        }
        return [.. all];

        void Add(long neighbour) => all.Add(Math.Clamp(neighbour, 0, grid.Count - 1));
    }
}
