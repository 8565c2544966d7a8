using PruneNotebooks.Pruners;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Pruners;

public sealed class EntropyPruneTests
{
    static TokenSelection Select(EntropyPrune method, Tensor states, int keep)
    {
        using var features = zeros(states.shape[1], 1);
        return method.Select(new PruningContext(features).With(method.Needs.Single(), states), keep);
    }

    [Fact]
    public void A_token_whose_heads_are_all_alike_goes_first()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        var states = randn(4, 6, 8, generator: generator) * 0.3;
        states.index_put_(states[0, 2].clone(), TensorIndex.Colon, 2);
        Assert.Equal([0, 1, 3, 4, 5], Select(new(), states, 5).Kept);
    }

    [Fact]
    public void Large_energy_scores_below_zero_and_goes_before_small()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        var states = randn(4, 6, 8, generator: generator) * 0.3;
        states.select(1, 4).mul_(20);
        var selection = Select(new(), states, 5);
        Assert.Equal([0, 1, 2, 3, 5], selection.Kept);
        Assert.True(selection.Scores![4] < 0);
    }

    [Fact]
    public void Wide_heads_are_averaged_and_others_are_not()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        var wide = randn([4, 20, 8], ScalarType.Float64, generator: generator);
        var narrow = wide.view(4, 20, 4, 2).mean([3]);
        Assert.Equal(Select(new(), narrow, 5).Scores, Select(new() { HeadSize = 4 }, wide, 5).Scores);
        Assert.Equal(Select(new(), wide, 5).Scores, Select(new() { HeadSize = 16 }, wide, 5).Scores);
    }

    [Fact]
    public void Options_say_what_they_expect()
    {
        Assert.Contains("positive", Assert.Throws<ArgumentOutOfRangeException>(() => new EntropyPrune { Epsilon = 0 }).Message, StringComparison.Ordinal);
        Assert.Contains("it was 0", Assert.Throws<ArgumentOutOfRangeException>(() => new EntropyPrune { HeadSize = 0 }).Message, StringComparison.Ordinal);
        using var scope = NewDisposeScope();
        var context = new PruningContext(zeros(5, 1));
        Assert.Contains("There are 5 tokens, but the queries", Assert.Throws<ArgumentException>(() => context.With(new Signal.DecoderStates(Layer.BeforeStage), zeros(2, 4, 3))).Message, StringComparison.Ordinal);
        Assert.Contains("There are 5 tokens", Assert.Throws<ArgumentException>(() => context.With(new Signal.DecoderStates(Layer.BeforeStage), zeros(5))).Message, StringComparison.Ordinal);
    }
}
