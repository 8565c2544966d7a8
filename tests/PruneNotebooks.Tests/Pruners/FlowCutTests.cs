using PruneNotebooks.Pruners;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Tests.Pruners;

public sealed class FlowCutTests
{
    [Fact]
    public void There_is_a_step_behind_every_block_before_the_features()
    {
        var plan = FlowCut.Plan(64, ModelDimensions.Llava15);
        Assert.Equal(Enumerable.Range(1, 22).Select(Stage.Vision), plan.Steps.Select(step => step.Stage));
        Assert.Equal(Enumerable.Range(0, 22).Reverse(), plan.Steps.Select(step => ((FlowCut)step.Pruner).Remaining));
        Assert.Throws<ArgumentException>(() => FlowCut.Plan(64, new ModelDimensions(16, 1, 0, 2)));
    }

    [Fact]
    public void High_resolution_leaves_more_to_the_decoder()
    {
        var plan = FlowCut.Plan(160, new ModelDimensions(2880, 24, 22, 32), surplus: 2.5);
        Assert.Equal((400, 160), (plan.Steps[^2].Budget.Resolve(2880), plan.Steps[^1].Budget.Resolve(400)));
        Assert.Equal(Stage.Decoder(2), plan.Steps[^1].Stage);
    }

    [Theory]
    [InlineData(0, 6)]
    [InlineData(1, 20)]     // between two cuts all stay
    public void The_last_step_meets_the_budget(int remaining, int left) => Assert.Equal(left, Left(new FlowCut { Remaining = remaining }));

    [Fact]
    public void The_further_the_end_the_more_stay()
    {
        int[] left = [.. new[] { 0, 2, 4, 8, 16 }.Select(remaining => Left(new FlowCut { Remaining = remaining }))];
        Assert.Equal(left.Order(), left);
        Assert.InRange(left[1], 7, 19);
    }

    [Fact]
    public void Scores_go_on_from_step_to_step()
    {
        var method = new FlowCut { Averages = true };
        using var sample = new SampleContext(new TokenGrid(4, 5), method.Needs, seed: 2);
        var fresh = new FlowCut().Select(sample.Context(), 6).Scores!;
        float[] before = sample.Signals[new Signal.EarlierScores()].data<float>().ToArray();
        foreach (var (token, score) in method.Select(sample.Context(), 6).Scores!.Index()) Assert.Equal((before[token] + fresh[token]) / 2, score, tolerance: 1e-5 * fresh[token]);
    }

    static int Left(FlowCut step)
    {
        using var sample = new SampleContext(new TokenGrid(4, 5), step.Needs, seed: 1);
        return step.Select(sample.Context(), 6).Count;
    }
}
