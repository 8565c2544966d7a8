using CsCheck;
using PruneNotebooks.Primitives;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Primitives;

public sealed class CellRecyclingTests
{
    static readonly TokenGrid Grid = new(2, 4);

    [Fact]
    public void Tokens_of_a_cell_become_their_mean_by_importance_at_the_most_important()
    {
        using var scope = NewDisposeScope();
        var features = arange(8, ScalarType.Float32).unsqueeze(1);
        float[] importance = [1, 3, 5, 5, 0, 0, 5, 5];
        // Cells of 2 x 2: the left one recycles tokens 0 and 1, and 4, which weighs nothing.
        var recycled = CellRecycling.Of(features, importance, [4, 1, 0], Grid, side: 2);
        Assert.Equal([1, 2, 3, 5, 6, 7], recycled.Kept);
        Assert.Equal([0.75f, 2, 3, 5, 6, 7], recycled.Features.data<float>().ToArray());
        Assert.Equal(1, recycled.Cells);
    }

    [Fact]
    public void Without_importance_all_weigh_the_same()
    {
        using var scope = NewDisposeScope();
        var recycled = CellRecycling.Of(arange(8, ScalarType.Float32).unsqueeze(1), new float[8], [0, 1, 4, 5], Grid, side: 2);
        Assert.Equal([0, 2, 3, 6, 7], recycled.Kept);
        Assert.Equal(2.5f, recycled.Features[0, 0].item<float>());
    }

    [Fact]
    public void A_side_need_not_be_whole()
    {
        using var scope = NewDisposeScope();
        // Columns 0 to 2 and column 3: 2.9 / 2.5 is 1.
        Assert.Equal(2, CellRecycling.Of(zeros(8, 1), new float[8], [.. Enumerable.Range(0, 8).Select(i => (long)i)], Grid, side: 2.5).Cells);
    }

    [Fact]
    public void Just_as_many_leave_as_the_budget_needs() => Gen.Select(Gen.Int[1, 9], Gen.Int[1, 9], Gen.Double[0.7, 10], Gen.ULong).Sample((height, width, side, seed) =>
    {
        using var scope = NewDisposeScope();
        using var random = new Generator(seed);
        var grid = new TokenGrid(height, width);
        var ranking = Ranking.Of(rand([grid.Count], generator: random));
        var features = randn([grid.Count, 2], generator: random);
        for (int keep = 1; keep <= grid.Count; keep++)
        {
            int leaving = CellRecycling.Leaving(ranking.Order, keep, grid, side);
            var recycled = CellRecycling.Of(features, ranking.Scores, [.. ranking.Order.TakeLast(leaving)], grid, side, keep);
            Assert.Equal(keep, recycled.Kept.Length);
            // The most important stay, unless there are fewer than cells.
            Assert.Contains(ranking.Order[0], recycled.Kept);
        }
    }, iter: 30, threads: 1);
}
