using PruneNotebooks.Tokens;

namespace PruneNotebooks.Tests.Tokens;

public sealed class PruningPlanTests
{
    sealed record Anyone : ITokenPruner
    {
        public Signals Needs => Signals.None;
        public TokenSelection Select(PruningContext context, TokenBudget budget) => new(Enumerable.Range(0, budget.Resolve(context.Tokens)).Select(i => (long)i), context.Tokens);
    }

    [Fact]
    public void Visual_tokens_by_layer_follow_the_steps()
    {
        var plan = PruningPlan.At(Stage.Decoder(2), new Anyone(), 144).Then(Stage.Decoder(16), new Anyone(), 0.5);
        var (byLayer, average) = plan.VisualTokens(576, 32);
        Assert.Equal([576, 576, 144, 72], [byLayer[0], byLayer[1], byLayer[2], byLayer[16]]);
        Assert.Equal((2 * 576 + 14 * 144 + 16 * 72) / 32.0, average);
    }

    [Theory]
    [InlineData(171)]
    [InlineData(64)]
    [InlineData(300.5)]
    public void An_average_is_met_up_to_rounding(double average)
    {
        var plan = PruningPlan.ForAverage(average, 576, 32, (Stage.Decoder(2), new Anyone()));
        Assert.Equal(average, plan.VisualTokens(576, 32).Average, tolerance: 0.5);
    }

    [Fact]
    public void Several_stages_share_one_ratio()
    {
        var plan = PruningPlan.ForAverage(270, 576, 32, (Stage.Decoder(8), new Anyone()), (Stage.Decoder(16), new Anyone()), (Stage.Decoder(24), new Anyone()));
        var (byLayer, average) = plan.VisualTokens(576, 32);
        Assert.Equal(270, average, tolerance: 0.5);
        Assert.Equal(byLayer[8] / 576.0, byLayer[16] / (double)byLayer[8], tolerance: 0.02);
    }

    [Fact]
    public void An_average_that_the_stages_cannot_give_is_refused_with_the_reason()
    {
        var error = Assert.Throws<ArgumentException>(() =>
            PruningPlan.ForAverage(128, 576, 32, (Stage.Decoder(8), new Anyone()), (Stage.Decoder(16), new Anyone()), (Stage.Decoder(24), new Anyone())));
        Assert.Contains("unreachable", error.Message, StringComparison.Ordinal);
        Assert.Contains("144.75", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Steps_come_in_the_order_of_the_stages() =>
        Assert.Throws<ArgumentException>(() => PruningPlan.At(Stage.Decoder(3), new Anyone(), 4).Then(Stage.Projector, new Anyone(), 2));
}
