using PruneNotebooks.Pruners;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Tests.Pruners;

public sealed class VFlowOptTests
{
    [Fact]
    public void Published_strategies_have_their_averages()
    {
        foreach (var strategy in VFlowStrategy.Published)
        {
            var plan = VFlowOpt.Plan(strategy, new ModelDimensions(729, 27, 25, 28));
            Assert.Equal([Stage.Projector, Stage.Decoder(9), Stage.Decoder(18)], plan.Steps.Select(step => step.Stage));
            Assert.Equal(strategy.Average, plan.VisualTokens(729, 28).Average / 729, tolerance: 2e-3);
        }
    }

    [Fact]
    public void The_published_number_of_tokens_left_gives_the_published_schedule()
    {
        var (model, quarter) = (new ModelDimensions(729, 27, 25, 28), VFlowStrategy.Quarter);
        var plan = VFlowOpt.Plan(quarter.Counts(729)[^1], model);
        foreach (var (step, count) in plan.Steps.Zip(quarter.Counts(729))) Assert.InRange(step.Budget.Resolve(729), count - 1, count + 1);
    }

    [Fact]
    public void Recycled_tokens_hold_what_would_be_lost()
    {
        var method = new VFlowOpt { Threshold = 1, CellSide = 3 };
        using var sample = new SampleContext(new TokenGrid(6, 9), method.Needs, seed: 3);
        using var recycled = method.Select(sample.Context(), 20);
        using var dropped = (method with { Recycles = false }).Select(sample.Context(), 20);
        Assert.Equal((20, 20), (recycled.Count, dropped.Count));
        Assert.Null(dropped.Features);
        Assert.Equal(recycled.Scores, dropped.Scores);
        // As the code counts, six more leave and every cell gives one back.
        using var published = (method with { Exact = false }).Select(sample.Context(), 20);
        Assert.InRange(published.Count, 20 - 6 + 1, 20);
    }

    [Fact]
    public void The_entropy_of_patches_counts_if_it_has_a_weight()
    {
        var method = new VFlowOpt { Alpha = 1, Entropy = [.. Enumerable.Range(0, 20).Select(i => (double)i)], Recycles = false };
        using var sample = new SampleContext(new TokenGrid(4, 5), method.Needs, seed: 4);
        Assert.Equal([18, 19], method.Select(sample.Context(), 2).Kept);
        Assert.Throws<ArgumentNullException>(() => (method with { Entropy = null }).Select(sample.Context(), 2));
    }
}
