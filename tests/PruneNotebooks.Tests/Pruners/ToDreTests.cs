using PruneNotebooks.Pruners;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Pruners;

public sealed class ToDreTests
{
    [Fact]
    public void Both_versions_begin_with_the_most_attended_token_and_differ()
    {
        using var sample = new SampleContext(TokenGrid.Square(8), new ToDre().Needs, seed: 4);
        var sums = new ToDre().Select(sample.Context(), 12);
        var centres = new ToDre { Diversity = ToDreDiversity.KCenter }.Select(sample.Context(), 12);
        Assert.NotEqual(sums.Kept, centres.Kept);
        Assert.Equal(new ToDre().Select(sample.Context(), 1).Kept, new ToDre { Diversity = ToDreDiversity.KCenter }.Select(sample.Context(), 1).Kept);
    }

    [Theory]
    [InlineData(0.09, 0)]
    [InlineData(0.11, 20)]
    public void All_leave_or_none(double share, int left)
    {
        using var received = full([2, 20], share / 20);
        using var features = ones(20, 4);
        var method = new ToDreWithdrawal();
        var context = new PruningContext(features).With(method.Needs.Single(), received);
        Assert.Equal(left, method.Select(context, TokenBudget.All).Count);
        Assert.Equal(20, (method with { Threshold = 0 }).Select(context, TokenBudget.All).Count);
    }

    [Fact]
    public void The_plan_has_both_stages_at_the_depth_of_the_paper()
    {
        var plan = MethodCatalogue.Find("todre").Plan(58);
        Assert.Equal([Stage.Projector, Stage.Decoder(28)], plan.Steps.Select(step => step.Stage));
    }
}
