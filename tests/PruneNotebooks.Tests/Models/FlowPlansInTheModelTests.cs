using PruneNotebooks.Models;
using PruneNotebooks.Pruners;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Tests.Models;

/// <summary>Plans beside those of the catalogue: what the papers do for larger pictures, by thresholds, by published strategies.</summary>
public sealed class FlowPlansInTheModelTests(EmbeddedModel model) : IClassFixture<EmbeddedModel>
{
    [Fact]
    public void FlowCut_leaves_more_to_the_decoder_and_fewer_and_fewer_on_the_way()
    {
        var trace = Run(FlowCut.Plan(16, model.Vlm.Dimensions, surplus: 2.5));
        int[] left = [.. trace.Stages.Select(stage => stage.Kept.Count)];
        Assert.Equal(left.OrderDescending(), left);
        Assert.Equal([40, 16], left[^2..]);
    }

    [Fact]
    public void MustDrop_by_thresholds_keeps_its_key_set_to_the_end()
    {
        var trace = Run(MustDrop.ThresholdPlan(model.Vlm.Dimensions, global: 0.02, individual: 0.5, merging: 0.95));
        int[] left = [.. trace.Stages.Select(stage => stage.Kept.Count)];
        Assert.Equal(0, (144 - left[0]) % 8);
        Assert.Equal(left.OrderDescending(), left);
        Assert.InRange(left[^1], (int)Math.Ceiling(0.08 * left[0]), left[0] - 1);
        // Thresholds that all tokens but the key set are below.
        Assert.Equal((int)Math.Ceiling(0.08 * left[0]), Run(MustDrop.ThresholdPlan(model.Vlm.Dimensions, 1, 1, 0.95)).Stages[^1].Kept.Count);
    }

    [Fact]
    public void Published_strategies_of_VFlowOpt_run()
    {
        foreach (var strategy in VFlowStrategy.Published)
            Assert.Equal(strategy.Counts(144)[^1], Run(VFlowOpt.Plan(strategy, model.Vlm.Dimensions)).Stages[^1].Kept.Count);
    }

    [Fact]
    public void Chance_beyond_the_horizon_meets_the_average() =>
        Assert.Equal(36, Run(BeyondHorizon.Plan(new DivPrune(), Stage.Projector, 36, model.Vlm.Dimensions)).AverageVisualTokens, tolerance: 0.5);

    [Fact]
    public void HoloV_fills_what_crops_cannot_take()
    {
        foreach (var method in (HoloV[])[new() { Crops = 16 }, new() { Crops = 16, Redistribute = true, Holistic = true }])
            Assert.Equal(100, Run(PruningPlan.At(Stage.Projector, method, 100)).Stages[0].Kept.Count);
    }

    PruningTrace Run(PruningPlan plan) =>
        model.Vlm.Answer([model.Vlm.Ask(model.Scenes[0].Questions[0].Text, model.Scenes[0].Image)], plan, new GenerationOptions { MaxTokens = 1 })[0].Trace;
}
