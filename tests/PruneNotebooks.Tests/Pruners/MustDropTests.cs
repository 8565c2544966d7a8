using PruneNotebooks.Pruners;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Pruners;

public sealed class MustDropTests
{
    [Fact]
    public void The_key_set_stays_from_stage_to_stage_whatever_the_thresholds()
    {
        var method = new MustDrop { ByThreshold = true, GlobalThreshold = 1, IndividualThreshold = 1 };
        var needs = method.Needs.And((method with { KeySet = null }).Needs);
        using var sample = new SampleContext(TokenGrid.Square(10), needs, seed: 1);
        using var first = method.Select(sample.Context(), TokenBudget.All);
        Assert.Equal(8, first.Count);     // ceil(0.08 * 100): all others are weak

        // The next stage knows them by their scores, also among others.
        using var scope = NewDisposeScope();
        var context = sample.Context().With(new Signal.EarlierScores(), tensor([.. first.Scores!]));
        using var second = (method with { KeySet = null }).Select(context, TokenBudget.All);
        Assert.Equal(first.Kept, second.Kept);
    }

    [Fact]
    public void A_budget_is_met_by_growing_both_thresholds()
    {
        var method = new MustDrop { GlobalThreshold = 0.01, IndividualThreshold = 0.1 };
        using var sample = new SampleContext(TokenGrid.Square(10), method.Needs, seed: 2);
        // The selection of thresholds 1.3 times as large, asked for by its size.
        using var larger = (method with { ByThreshold = true, GlobalThreshold = 0.013, IndividualThreshold = 0.13 }).Select(sample.Context(), TokenBudget.All);
        Assert.InRange(larger.Count, 9, 99);
        using var exact = method.Select(sample.Context(), larger.Count);
        Assert.Equal(larger.Kept, exact.Kept);
    }

    [Fact]
    public void The_stages_are_those_of_the_paper_by_depth()
    {
        var plan = MustDrop.Plan(36, ModelDimensions.Llava15);
        Assert.Equal([Stage.Vision(1), Stage.Decoder(3), Stage.Decoder(7), Stage.Decoder(11), Stage.Decoder(15)], plan.Steps.Select(step => step.Stage));
        Assert.Equal(36, plan.Steps[^1].Budget.Resolve(576));
        Assert.Equal(0, (576 - plan.Steps[0].Budget.Resolve(576)) % 8);
        Assert.All(MustDrop.Plan(TokenBudget.All, ModelDimensions.Llava15).Steps, step => Assert.Equal(576, step.Budget.Resolve(576)));
        Assert.Equal(5, MustDrop.ThresholdPlan(ModelDimensions.Llava15).Steps.Count);
    }

    [Fact]
    public void Pictures_merge_as_many_windows_as_the_one_with_the_fewest_alike()
    {
        using var scope = NewDisposeScope();
        using var random = new Generator(1);
        var method = new MergedWindows(3, 3) { Threshold = 0.8 };
        // One picture all of one colour, one with a single flat window, one that is all noise.
        var flat = ones(36, 8);
        var (noise, half) = (randn([36, 8], generator: random), randn([36, 8], generator: random));
        half.index_fill_(0, tensor(new long[] { 0, 1, 2, 6, 7, 8, 12, 13, 14 }), 1);
        Assert.Equal([4, 28, 36], new[] { flat, half, noise }.Select(picture => method.Select(Context(picture), TokenBudget.All).Count));
        Assert.Equal([28, 28], method.SelectJointly([Context(flat), Context(half)], TokenBudget.All).Select(selection => selection.Count));

        static PruningContext Context(Tensor features) => new(features, TokenGrid.Square(6));
    }
}
