using CsCheck;
using PruneNotebooks.Metrics;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Tests.Metrics;

public sealed class TokenWindowsTests
{
    static readonly Gen<TokenWindows> Any =
        from size in Gen.Int[1, 4]
        from rows in Gen.Int[1, 6]
        from columns in Gen.Int[1, 6]
        select new TokenWindows(new TokenGrid(rows * size, columns * size), size);

    [Fact]
    public void Windows_go_down_the_columns()
    {
        var windows = new TokenWindows(new TokenGrid(4, 6), 2);
        Assert.Equal((2, 3, 6), (windows.Rows, windows.Columns, windows.Count));
        Assert.Equal([0, 1, 6, 7], windows.Tokens(0));
        Assert.Equal([12, 13, 18, 19], windows.Tokens(1));
        Assert.Equal([2, 3, 8, 9], windows.Tokens(2));
        Assert.Equal((1, 2), (windows.Row(5), windows.Column(5)));
        Assert.Equal("6 windows of 2 x 2 on a grid of 4 x 6", windows.ToString());
    }

    [Fact]
    public void Every_token_lies_in_one_window_and_gets_its_value() => Any.Sample(windows =>
    {
        int[] all = [.. Enumerable.Range(0, windows.Count)];
        Assert.Equal(Enumerable.Range(0, windows.Grid.Count).Select(i => (long)i), all.SelectMany(windows.Tokens).Order());
        Assert.All(all, w => Assert.All(windows.Tokens(w), token => Assert.Equal(w, windows.WindowOf(token))));
        Assert.All(all, w => Assert.Equal(windows.Tokens(w), windows.Tokens(w).Order()));
        int[] values = windows.ToTokens(all);
        Assert.Equal(Enumerable.Range(0, windows.Grid.Count).Select(token => windows.WindowOf(token)), values);
    });

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(-1)]
    public void A_size_that_does_not_tile_the_grid_is_refused_with_those_that_do(int size) =>
        Assert.Contains("a grid of 4 x 6: use a size of 1 or 2", Assert.Throws<ArgumentOutOfRangeException>(() => new TokenWindows(new TokenGrid(4, 6), size)).Message, StringComparison.Ordinal);

    [Fact]
    public void Windows_values_and_tokens_that_are_not_there_are_refused()
    {
        var windows = new TokenWindows(new TokenGrid(4, 6), 2);
        Assert.Contains("windows 0 to 5", Assert.Throws<ArgumentOutOfRangeException>(() => windows.Tokens(6)).Message, StringComparison.Ordinal);
        Assert.Contains("tokens 0 to 23", Assert.Throws<ArgumentOutOfRangeException>(() => windows.WindowOf(24)).Message, StringComparison.Ordinal);
        Assert.Contains("6 windows need 6 values; there are 5", Assert.Throws<ArgumentException>(() => windows.ToTokens(new float[5])).Message, StringComparison.Ordinal);
    }
}
