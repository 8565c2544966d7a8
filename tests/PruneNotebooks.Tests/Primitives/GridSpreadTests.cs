using CsCheck;
using PruneNotebooks.Primitives;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Tests.Primitives;

public sealed class GridSpreadTests
{
    static readonly Gen<(TokenGrid Grid, int Count)> Cases =
        from height in Gen.Int[1, 30]
        from width in Gen.Int[1, 30]
        from count in Gen.Int[1, height * width]
        select (new TokenGrid(height, width), count);

    [Fact]
    public void A_quarter_of_a_square_grid_is_every_second_row_and_column() =>
        Assert.Equal([5, 7, 13, 15], GridSpread.Choose(TokenGrid.Square(4), 4));

    [Fact]
    public void A_remainder_is_shared_out_among_the_rows() =>
        // Two rows of five: two tokens and three.
        Assert.Equal([6, 8, 15, 17, 19], GridSpread.Choose(new TokenGrid(4, 5), 5));

    [Fact]
    public void One_token_is_the_one_in_the_middle_and_all_are_all()
    {
        Assert.Equal([17], GridSpread.Choose(new TokenGrid(5, 7), 1));
        Assert.Equal(Enumerable.Range(0, 35).Select(i => (long)i), GridSpread.Choose(new TokenGrid(5, 7), 35));
    }

    [Fact]
    public void Cells_are_as_near_to_squares_as_possible() =>
        // 2 x 8 with 4 tokens: one row of four would have cells of 2 x 2.
        Assert.Equal([9, 11, 13, 15], GridSpread.Choose(new TokenGrid(2, 8), 4));

    [Fact]
    public void Any_number_on_any_grid_is_exact_and_ascending() => Cases.Sample(c =>
    {
        long[] chosen = GridSpread.Choose(c.Grid, c.Count);
        Assert.Equal(c.Count, chosen.Length);
        Assert.Equal(chosen.Distinct().Order(), chosen);
        Assert.InRange(chosen[0], 0, chosen[^1]);
        Assert.InRange(chosen[^1], 0, c.Grid.Count - 1);
    });

    [Fact]
    public void No_place_is_far_from_a_chosen_one() => Cases.Sample(c =>
    {
        long[] chosen = GridSpread.Choose(c.Grid, c.Count);
        // Cells of that area in one of the shapes that a whole number of rows allows; a place is nowhere further than a cell's size from a token.
        double side = Math.Sqrt((double)c.Grid.Count / c.Count);
        double reach = 1 + Math.Max(Math.Max((double)c.Grid.Height / c.Count, (double)c.Grid.Width / c.Count), 1.5 * side);
        for (int place = 0; place < c.Grid.Count; place++)
            Assert.True(chosen.Any(token => Math.Abs(c.Grid.Row(token) - c.Grid.Row(place)) <= reach && Math.Abs(c.Grid.Column(token) - c.Grid.Column(place)) <= reach), $"{c.Grid}, {c.Count}: place {place}");
    });

    [Theory]
    [InlineData(0)]
    [InlineData(36)]
    public void A_number_that_the_grid_has_not_is_refused(int count) =>
        Assert.Contains($"{count} of 35 tokens", Assert.Throws<ArgumentOutOfRangeException>(() => GridSpread.Choose(new TokenGrid(5, 7), count)).Message, StringComparison.Ordinal);
}
