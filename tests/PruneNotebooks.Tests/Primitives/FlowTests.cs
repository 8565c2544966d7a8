using PruneNotebooks.Primitives;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace PruneNotebooks.Tests.Primitives;

public sealed class FlowTests
{
    [Fact]
    public void Importance_is_the_attention_of_those_that_are_attended_to()
    {
        using var scope = NewDisposeScope();
        // All look at token 2, and token 2 looks at token 0.
        var attention = tensor(new float[,] { { 0, 0, 1 }, { 0, 0, 1 }, { 1, 0, 0 } }).unsqueeze(0);
        var importance = FlowImportance.Of(attention, threshold: 1.5);
        Assert.Equal([2], importance.Important);
        Assert.Equal([1, 0, 0], importance.Scores);
    }

    [Fact]
    public void If_nobody_stands_out_everybody_counts()
    {
        using var scope = NewDisposeScope();
        var attention = full([2, 4, 4], 0.25);
        var importance = FlowImportance.Of(attention, threshold: 30);
        Assert.Empty(importance.Important);
        Assert.All(importance.Scores, score => Assert.Equal(0.25, score, tolerance: 1e-7));
        float[] withEntropy = FlowImportance.Of(attention, 30, zeros(4), alpha: 0.5).Scores;
        Assert.All(withEntropy, score => Assert.Equal(0.25 + 0.5 / 4, score, tolerance: 1e-7));
        Assert.Throws<ArgumentNullException>(() => FlowImportance.Of(attention, 1, alpha: 0.5));
    }

    [Fact]
    public void Even_attention_lets_all_stay_and_peaked_attention_sends_most_away()
    {
        using var scope = NewDisposeScope();
        Assert.Equal(0, InformationFlow.Leaving(ones(100), remaining: 4, target: 20));
        Assert.Equal(40, InformationFlow.Leaving(one_hot(tensor(3L), 100).to_type(ScalarType.Float32), remaining: 4, target: 20));
        Assert.Equal(80, InformationFlow.Leaving(ones(100), remaining: 0, target: 20));
        Assert.Throws<ArgumentOutOfRangeException>(() => InformationFlow.Leaving(ones(10), 1, 11));
    }

    [Fact]
    public void A_patch_without_value_carries_nothing()
    {
        using var scope = NewDisposeScope();
        float[] scores = InformationFlow.Scores(tensor(new float[] { 1, 3 }), tensor(new float[] { 1, 1 }), tensor(new float[,] { { 1, -2 }, { 0, 0 } })).data<float>().ToArray();
        Assert.Equal([2.25f, 0], scores);
    }

    [Fact]
    public void Transition_is_growth_times_turn()
    {
        using var scope = NewDisposeScope();
        // Kept as it is, doubled, turned at right angles, turned round.
        var input = tensor(new float[,] { { 1, 0 }, { 1, 0 }, { 1, 0 }, { 1, 0 } });
        var output = tensor(new float[,] { { 1, 0 }, { 2, 0 }, { 0, 1 }, { -1, 0 } });
        Same([1, 1, Math.E, Math.E * Math.E], TokenTransition.Of(input, output));
        Same([1, 1, Math.E, 1], TokenTransition.Of(input, output, ignoreSign: true));

        static void Same(double[] turn, Tensor actual)
        {
            double[] growth = [1, 2, 1, 1];
            foreach (var (i, got) in actual.data<float>().ToArray().Index()) Assert.Equal(growth[i] * turn[i] / turn.Sum(), got, tolerance: 1e-6);
        }
    }

    [Fact]
    public void A_transition_of_what_is_not_finite_names_the_token()
    {
        using var scope = NewDisposeScope();
        var bad = ones(4, 2);
        bad[3, 0] = float.PositiveInfinity;
        Assert.Contains("token 3", Assert.Throws<ArgumentException>(() => TokenTransition.Of(ones(4, 2), bad)).Message, StringComparison.Ordinal);
    }
}
