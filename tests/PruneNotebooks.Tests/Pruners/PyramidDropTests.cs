using PruneNotebooks.Metrics;
using PruneNotebooks.Pruners;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Tests.Pruners;

public sealed class PyramidDropTests
{
    // Table 1 of the paper prints 1.78 TFLOPs; eight layers of each.
    [Fact]
    public void The_papers_plan_halves_the_tokens_every_eight_layers()
    {
        var plan = MethodCatalogue.Find("pyramiddrop").Plan(72);
        int[] byLayer = [.. plan.VisualTokens(576, 32).ByLayer];
        Assert.Equal(Enumerable.Range(0, 32).Select(layer => 576 >> (layer / 8)), byLayer);
        Assert.Equal(Positions.Renumber, plan.Positions);
        Assert.Equal(1.78, new PublishedFlops(4096, 11008, 32) { FeedForwardMatrices = 3 }.Total(byLayer) / 1e12, tolerance: 0.005);
    }

    [Fact]
    public void An_average_below_a_quarter_is_out_of_reach()
    {
        var method = MethodCatalogue.Find("pyramiddrop");
        Assert.Null(method.PlanForAverage(128, ModelDimensions.Llava15));
        Assert.InRange(method.PlanForAverage(270, ModelDimensions.Llava15)!.VisualTokens(576, 32).Average, 269, 270);
    }
}
