using PruneNotebooks.Pruners;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Tests.Pruners;

public sealed class ToMeTests
{
    [Fact]
    public void The_plan_merges_in_every_block_up_to_the_feature_layer()
    {
        var plan = new ToMe().Plan(28, ModelDimensions.Llava15);
        Assert.Equal(23, plan.Steps.Count);
        Assert.Equal(Stage.VisionInside(0), plan.Steps[0].Stage);
        Assert.Equal(Stage.VisionInside(22), plan.Steps[^1].Stage);
        Assert.Equal(28, plan.Steps.Aggregate(576, (tokens, step) => step.Left(tokens, 576)));
        Assert.Equal(Stage.VisionInside(22), Assert.Single(new ToMe().Plan(576, ModelDimensions.Llava15).Steps).Stage);
    }

    [Fact]
    public void Sizes_count_every_patch_once()
    {
        using var sample = new SampleContext(new TokenGrid(5, 7), new ToMe().Needs, seed: 3);
        using var selection = new ToMe().Select(sample.Context(), 4);
        Assert.Equal(35, selection.Sizes!.Sum());
        using var unweighted = new ToMe { ProportionalAttention = false }.Select(sample.Context(), 4);
        Assert.Null(unweighted.Sizes);
    }
}
