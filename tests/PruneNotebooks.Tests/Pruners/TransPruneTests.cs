using PruneNotebooks.Metrics;
using PruneNotebooks.Pruners;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Pruners;

public sealed class TransPruneTests
{
    // Table 1 of the paper prints 1.56 TFLOPs.
    [Fact]
    public void The_papers_plan_accumulates_from_the_layer_before_the_first_stage()
    {
        var plan = MethodCatalogue.Find("transprune").Plan(72);
        Assert.Equal([1, 3, 6], plan.Steps.Select(step => ((TransPrune)step.Pruner).Layers));
        Assert.Equal([Stage.Decoder(7), Stage.Decoder(9), Stage.Decoder(12)], plan.Steps.Select(step => step.Stage));
        Assert.Equal([504, 360, 72], plan.Steps.Select(step => step.Budget.Resolve(576)));
        Assert.Equal(1.557, new PublishedFlops(4096, 11008, 32) { FeedForwardMatrices = 3 }.Total(plan.VisualTokens(576, 32).ByLayer) / 1e12, tolerance: 0.0005);
    }

    [Fact]
    public void Alpha_weighs_shares_of_transition_and_attention()
    {
        using var scope = NewDisposeScope();
        var context = new PruningContext(zeros(3, 1))
            .With(new Signal.DecoderTransition(Layer.BeforeStage), tensor(new float[,] { { 4, 0, 0 }, { 2, 2, 0 } }))
            .With(new Signal.DecoderAttentionReceived(Layer.AtStage, Queries.Text), tensor(new float[,] { { 0, 0.1f, 0.4f } }));
        Assert.Equal([0], new TransPrune { Alpha = 1 }.Select(context, 1).Kept);
        Assert.Equal([2], new TransPrune { Alpha = 0 }.Select(context, 1).Kept);
        float[] both = [.. new TransPrune().Select(context, 1).Scores!];
        Assert.Equal(0.75 / 2, both[0], tolerance: 1e-6);
        Assert.Equal((0.25 + 0.2) / 2, both[1], tolerance: 1e-6);
        Assert.Equal(0.8 / 2, both[2], tolerance: 1e-6);
    }

    [Fact]
    public void Options_that_make_no_sense_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new TransPrune { Layers = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new TransPrune { Alpha = 1.1 });
    }
}
