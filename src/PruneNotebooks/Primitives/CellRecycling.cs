using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Primitives;

/// <summary>Tokens that would leave, recycled: those of one cell of the picture become one token, their mean by importance.</summary>
/// <remarks><i>VFlowOpt</i>, arXiv 2508.05211, ICCV 2025, as in the authors' code. A cell's token takes the place, and keeps the importance, of its most important member.</remarks>
/// <param name="Kept">Tokens that stay, ascending: those that were not to leave, and one of each cell.</param>
/// <param name="Features">What they are now, <c>[K, D]</c>, of the type of the features.</param>
/// <param name="Cells">How many cells tokens were recycled in.</param>
public sealed record CellRecycling(long[] Kept, Tensor Features, int Cells)
{
    /// <summary>Recycles tokens. O(N D).</summary>
    /// <param name="features">Tokens, float <c>[N, D]</c>; not changed.</param>
    /// <param name="importance">Importance of each token, <c>[N]</c>; where that of a cell sums to zero its tokens weigh the same.</param>
    /// <param name="leaving">The tokens that would leave.</param>
    /// <param name="grid">Where the N tokens lie.</param>
    /// <param name="side">Side of a cell in tokens, any positive number: cell <c>(floor(row / side), floor(column / side))</c>.</param>
    /// <param name="most">How many cells may keep a token, the most important first; all if not given.</param>
    /// <exception cref="ArgumentException">Shapes disagree, or a token is not finite; the message names it.</exception>
    public static CellRecycling Of(Tensor features, IReadOnlyList<float> importance, IReadOnlyCollection<long> leaving, TokenGrid grid, double side, int most = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(importance);
        ArgumentNullException.ThrowIfNull(leaving);
        if (features.dim() != 2 || features.shape[0] != grid.Count || importance.Count != grid.Count)
            throw new ArgumentException($"A grid of {grid} has {grid.Count} tokens; features are {features.Shape()} and there are {importance.Count} importances.", nameof(features));
        FiniteTokens.Check(features, 0, nameof(features));
        var gone = leaving.ToHashSet();
        long[][] cells = [.. leaving.Order().GroupBy(token => CellOf(token, grid, side)).Select(cell => cell.ToArray())];
        long[] seats = [.. cells.Select(cell => cell.MaxBy(token => importance[(int)token]))];
        int[] stay = [.. Enumerable.Range(0, cells.Length).OrderByDescending(cell => importance[(int)seats[cell]]).Take(most).Order()];
        long[] kept = [.. Enumerable.Range(0, grid.Count).Select(i => (long)i).Where(token => !gone.Contains(token)).Concat(stay.Select(cell => seats[cell])).Order()];
        using var scope = NewDisposeScope();
        var result = features.index_select(0, Rows(kept));
        if (stay.Length > 0)
        {
            var merged = stack(stay.Select(cell => Mean(cells[cell])));
            result.index_copy_(0, Rows(stay.Select(cell => (long)Array.BinarySearch(kept, seats[cell]))), merged.to_type(features.dtype));
        }
        return new(kept, result.MoveToOuterDisposeScope(), stay.Length);

        Tensor Rows(IEnumerable<long> rows) => tensor([.. rows], ScalarType.Int64, features.device);

        Tensor Mean(long[] cell)
        {
            using var inner = NewDisposeScope();
            double sum = cell.Sum(token => (double)importance[(int)token]);
            var weights = tensor(Array.ConvertAll(cell, token => (float)(sum == 0 ? 1.0 / cell.Length : importance[(int)token] / sum)), ScalarType.Float32, features.device);
            return weights.matmul(features.index_select(0, Rows(cell)).to_type(ScalarType.Float32)).MoveToOuterDisposeScope();
        }
    }

    /// <summary>How many of the tokens, least important first, must be recycled with those that leave, so that exactly a number of tokens is left: each cell gives one back.</summary>
    /// <param name="order">All tokens, in the order in which they stay.</param>
    /// <param name="keep">How many are to be left.</param>
    /// <param name="grid">Where they lie.</param>
    /// <param name="side">Side of a cell in tokens.</param>
    /// <returns>How many of the last of <paramref name="order"/>; all of them if there are more cells than <paramref name="keep"/>.</returns>
    public static int Leaving(IReadOnlyList<long> order, int keep, TokenGrid grid, double side)
    {
        ArgumentNullException.ThrowIfNull(order);
        HashSet<(int, int)> cells = [];
        int leaving = 0;
        while (order.Count - leaving + cells.Count > keep && leaving < order.Count) cells.Add(CellOf(order[^++leaving], grid, side));
        return leaving;
    }

    static (int, int) CellOf(long token, TokenGrid grid, double side) => ((int)Math.Floor(grid.Row(token) / side), (int)Math.Floor(grid.Column(token) / side));
}
