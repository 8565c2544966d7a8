using PruneNotebooks.Primitives;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Tests.Primitives;

public sealed class GridNeighboursTests
{
    static readonly TokenGrid Grid = new(3, 4);

    [Theory]
    [InlineData(5, new long[] { 1, 4, 5, 6, 9 })]
    [InlineData(4, new long[] { 0, 3, 4, 5, 8 })]   // left of column 0: the last column of the row above
    [InlineData(2, new long[] { 0, 1, 2, 3, 6 })]   // above the first row: token 0
    [InlineData(11, new long[] { 7, 10, 11 })]      // behind the last token: itself
    public void Flat_neighbours_wrap_and_clamp_as_published(long token, long[] expected) =>
        Assert.Equal(expected, Grid.WithNeighbours([token], Neighbours.Flat));

    [Theory]
    [InlineData(5, new long[] { 1, 4, 5, 6, 9 })]
    [InlineData(4, new long[] { 0, 4, 5, 8 })]
    [InlineData(3, new long[] { 2, 3, 7 })]
    [InlineData(11, new long[] { 7, 10, 11 })]
    public void Grid_neighbours_stay_on_the_grid(long token, long[] expected) =>
        Assert.Equal(expected, Grid.WithNeighbours([token], Neighbours.Grid));

    [Fact]
    public void Every_token_comes_once_and_in_order() =>
        Assert.Equal([0, 1, 2, 4, 5], Grid.WithNeighbours([1, 0], Neighbours.Grid));
}
