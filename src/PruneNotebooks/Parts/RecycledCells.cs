using System.Globalization;
using PruneNotebooks.Primitives;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Parts;

public static partial class Mend
{
    /// <summary>What was not chosen is recycled: one token for each cell of the picture, the mean of what leaves there, by score. So many more leave that the budget is met.</summary>
    /// <param name="side">Side of a cell in tokens; <see langword="null"/> for <see cref="RecycledCells.PublishedSide"/>.</param>
    /// <param name="exact">Whether the budget is met exactly; if not, as many more leave as the grid has whole cells, and the number of tokens drifts with how many cells they lie in.</param>
    public static Repair Recycle(double? side = null, bool exact = true) => new RecycledCells(side, exact);
}

/// <summary>Recycling by cell (<see cref="CellRecycling"/>), weighted by the scores.</summary>
/// <param name="Side">Side of a cell in tokens; <see langword="null"/> for <see cref="PublishedSide"/>.</param>
/// <param name="Exact">Whether the budget is met exactly.</param>
public sealed record RecycledCells(double? Side, bool Exact) : Repair
{
    /// <inheritdoc/>
    public override Signals Needs => Signals.Features;

    /// <summary>The side that was published for a quarter of the tokens, 15.581 on a grid of 27 x 27, as large on others.</summary>
    public static double PublishedSide(TokenGrid grid) => 15.581 / 27 * Math.Sqrt(grid.Count);

    /// <inheritdoc/>
    public override TokenSelection Apply(PruningContext context, Ranking ranking, Chosen chosen, int keep)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(ranking);
        ArgumentNullException.ThrowIfNull(chosen);
        var grid = context.Grid;
        double side = Side ?? PublishedSide(grid);
        // The last of the chosen make room for what the cells give back.
        long[] order = [.. chosen.Order, .. ranking.Order.Except(chosen.Order)];
        int leaving = Exact ? CellRecycling.Leaving(order, keep, grid, side) : Math.Min(order.Length, order.Length - keep + (int)(order.Length / (side * side)));
        var recycled = CellRecycling.Of(context.Features, ranking.Scores, order[^leaving..], grid, side, Exact ? keep : int.MaxValue);
        return new TokenSelection(recycled.Kept, context.Tokens, ranking.Scores, recycled.Features);
    }

    /// <inheritdoc/>
    public override string ToString() => Side is { } side ? string.Create(CultureInfo.InvariantCulture, $"recycled in cells of {side:0.##} tokens") : "recycled in cells";
}
