using PruneNotebooks.Primitives;
using PruneNotebooks.Pruners;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Tests.Pruners;

public sealed class HiPruneTests
{
    static readonly TokenGrid Grid = TokenGrid.Square(24);

    // Section "budgets" of the paper for 576 tokens: anchors of 192, 128 and 64 tokens.
    [Theory]
    [InlineData(192, 4)]
    [InlineData(128, 3)]
    [InlineData(64, 1)]
    [InlineData(25, 0)]
    public void The_number_of_anchors_is_a_fifth_of_alpha(int keep, int anchors)
    {
        var method = new HiPrune();
        using var sample = new SampleContext(Grid, method.Needs, seed: 1);
        var roles = method.Roles(sample.Context(), keep);
        Assert.Equal(anchors, roles.Anchors.Length);
        Assert.InRange(roles.Buffers.Length, 0, 4 * anchors);
        Assert.Equal(keep, roles.Anchors.Concat(roles.Buffers).Concat(roles.Registers).Distinct().Count());
    }

    [Fact]
    public void Neighbours_on_the_grid_are_neighbours()
    {
        var method = new HiPrune { Alpha = 1, Neighbours = Neighbours.Grid };
        using var sample = new SampleContext(new TokenGrid(9, 7), method.Needs, seed: 2);
        var roles = method.Roles(sample.Context(), 30);
        var grid = new TokenGrid(9, 7);
        Assert.All(roles.Buffers, buffer => Assert.Contains(roles.Anchors, anchor => Math.Abs(grid.Row(anchor) - grid.Row(buffer)) + Math.Abs(grid.Column(anchor) - grid.Column(buffer)) == 1));
    }

    [Fact]
    public void Anchors_that_need_more_than_the_budget_are_refused()
    {
        var method = new HiPrune { Alpha = 1 };
        using var sample = new SampleContext(Grid, method.Needs, seed: 1);
        Assert.Contains("more than the budget of 3", Assert.Throws<ArgumentException>(() => method.Select(sample.Context(), 3)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.5)]
    [InlineData(double.NaN)]
    public void Alpha_is_a_share(double alpha) => Assert.Contains("0 to 1", Assert.Throws<ArgumentOutOfRangeException>(() => new HiPrune { Alpha = alpha }).Message, StringComparison.Ordinal);

    [Fact]
    public void Tokens_that_fill_no_grid_have_no_neighbours()
    {
        var method = new HiPrune();
        using var sample = new SampleContext(Grid, method.Needs, seed: 1);
        var signals = sample.Signals.Where(signal => signal.Key is not Signal.Features);
        var context = signals.Aggregate(new PruningContext(sample.Signals[new Signal.Features()]), (all, signal) => all.With(signal.Key, signal.Value));
        Assert.Contains("no grid is known", Assert.Throws<InvalidOperationException>(() => method.Select(context, 192)).Message, StringComparison.Ordinal);
    }
}
