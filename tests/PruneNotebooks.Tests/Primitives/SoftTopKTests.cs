using CsCheck;
using PruneNotebooks.Primitives;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Primitives;

public sealed class SoftTopKTests
{
    [Fact]
    public void Degrees_add_up_to_the_kept_share_and_keep_the_order() => (from n in Gen.Int[1, 200] from kept in Gen.Double[0.05, 0.95] from seed in Gen.ULong select (n, kept, seed)).Sample(c =>
    {
        using var scope = NewDisposeScope();
        var scores = 3 * randn(c.n, generator: new Generator(c.seed));
        var weights = SoftTopK.Weights(scores, c.kept);
        Assert.Equal(c.kept * c.n, weights.sum().item<float>(), tolerance: 1e-3 * Math.Max(1, c.n * c.kept));
        Assert.Equal(Ranking.Of(scores).Order[0], Ranking.Of(weights).Order[0]);
    }, iter: 50, threads: 1);

    [Fact]
    public void Equal_scores_are_kept_to_the_same_degree()
    {
        using var scope = NewDisposeScope();
        Assert.All(SoftTopK.Weights(full(10, 4.0), 0.3).data<float>().ToArray(), weight => Assert.Equal(0.3, weight, tolerance: 1e-5));
    }

    [Fact]
    public void Gradients_flow_through_the_scores()
    {
        using var scope = NewDisposeScope();
        var scores = tensor(new[] { 0f, 1, 2 }, requires_grad: true);
        SoftTopK.Weights(scores, 0.5)[2].backward();
        Assert.True(scores.grad![2].item<float>() > 0);
        Assert.Contains("0 to 1; it was 2", Assert.Throws<ArgumentOutOfRangeException>(() => SoftTopK.Weights(scores, 2)).Message, StringComparison.Ordinal);
    }
}
