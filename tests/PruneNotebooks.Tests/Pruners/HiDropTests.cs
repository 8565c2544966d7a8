using PruneNotebooks.Metrics;
using PruneNotebooks.Pruners;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Tests.Pruners;

public sealed class HiDropTests
{
    [Fact]
    public void A_pyramid_cuts_most_at_first()
    {
        Assert.Equal([172, 51, 15, 4], HiDrop.Pyramid(576, 0.3, 4));
        Assert.Equal([1, 1, 1], HiDrop.Pyramid(10, 0.05, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => HiDrop.Pyramid(576, 0, 4));
    }

    // The paper prints 0.42 TFLOPs at an average of 64 tokens.
    [Fact]
    public void The_papers_plan_injects_late_and_exits_early()
    {
        var plan = MethodCatalogue.Find("hidrop").Plan(4);
        var (byLayer, average) = plan.VisualTokens(576, 32);
        int[] expected = [.. Enumerable.Repeat(0, 9), 576, 576, 172, 172, 172, 172, 51, 51, 15, 15, 4, 4, 4, 4, 4, 4, .. Enumerable.Repeat(0, 7)];
        Assert.Equal(expected, byLayer);
        Assert.Equal(62.4, average, tolerance: 0.05);
        Assert.Equal(0.41, new PublishedFlops(4096, 11008, 32) { FeedForwardMatrices = 3 }.Total(byLayer) / 1e12, tolerance: 0.01);
        Assert.Equal(Positions.Keep, plan.Positions);
    }

    [Fact]
    public void Other_budgets_and_depths_keep_the_shape()
    {
        int[] byLayer = [.. MethodCatalogue.Find("hidrop").Plan(16, new ModelDimensions(144, 5, 3, 10)).VisualTokens(144, 10).ByLayer];
        int[] seen = [.. byLayer.Where(tokens => tokens > 0).Distinct()];
        Assert.Equal(0, byLayer[0]);
        Assert.Equal(0, byLayer[^1]);
        Assert.Equal(5, seen.Length);
        Assert.Equal((144, 16), (seen[0], seen[^1]));
        Assert.Equal(seen.OrderDescending(), seen);
    }

    [Fact]
    public void To_keep_everything_is_no_pruning() => Assert.Empty(MethodCatalogue.Find("hidrop").Plan(TokenBudget.All).Steps);
}
