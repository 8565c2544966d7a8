using PruneNotebooks.Pruners;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Tests.Pruners;

public sealed class BeyondHorizonTests
{
    // The published plans: 284 then 38 of 576; 96 then 10.
    [Theory]
    [InlineData(191.75, BeyondHorizon.PublishedShare, 284, 38)]
    [InlineData(63.75, 10 / 96.0, 96, 10)]
    public void DivPrune_and_chance_meet_the_published_counts(double average, double share, int first, int second)
    {
        var plan = BeyondHorizon.Plan(new DivPrune(), Stage.Projector, average, ModelDimensions.Llava15, share: share);
        Assert.Equal([first, second], plan.Steps.Select(step => step.Budget.Resolve(576)));
        Assert.Equal(Stage.Decoder(20), plan.Steps[1].Stage);
        Assert.Equal(average, plan.VisualTokens(576, 32).Average, tolerance: 1e-9);
        Assert.Equal(Positions.Renumber, plan.Positions);
    }

    [Fact]
    public void A_method_inside_the_decoder_leaves_less_for_the_others()
    {
        // 252 behind layer 2, 38 behind layer 20: an average of 192.
        var plan = BeyondHorizon.Plan(new FastV(), Stage.Decoder(2), 192, ModelDimensions.Llava15, share: 38 / 252.0);
        Assert.Equal([252, 38], plan.Steps.Select(step => step.Budget.Resolve(576)));
        Assert.Contains("averages from", Assert.Throws<ArgumentException>(() => BeyondHorizon.Plan(new FastV(), Stage.Decoder(10), 64, ModelDimensions.Llava15)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => BeyondHorizon.Plan(new FastV(), Stage.Decoder(20), 64, ModelDimensions.Llava15));
    }
}
