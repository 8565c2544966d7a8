using CsCheck;
using PruneNotebooks.Primitives;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Primitives;

public sealed class DifferentiableTopKTests
{
    [Fact]
    public void Equal_scores_share_the_higher_rank()
    {
        using var scope = NewDisposeScope();
        Assert.Equal([0.75f, 0.25f, 0.75f, 1], DifferentiableTopK.Rank(tensor([2f, 1, 2, 3])).data<float>().ToArray());
    }

    [Fact]
    public void The_ratio_for_k_keeps_the_k_highest() => (
        from tokens in Gen.Int[1, 200]
        from keep in Gen.Int[0, tokens]
        from seed in Gen.ULong
        select (tokens, keep, seed)).Sample(c =>
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(c.seed);
        var scores = randperm(c.tokens, generator: generator).to_type(ScalarType.Float32);
        float[] mask = DifferentiableTopK.Mask(scores, tensor(DifferentiableTopK.RatioFor(c.keep, c.tokens))).data<float>().ToArray();
        Assert.Equal(scores.data<float>().ToArray().Select(score => score >= c.tokens - c.keep ? 1f : 0), mask);
    }, iter: 100, threads: 1);

    [Fact]
    public void Ratio_and_scores_learn_through_the_sigmoid()
    {
        using var scope = NewDisposeScope();
        var ratio = tensor(0.6f, requires_grad: true);
        var scores = tensor([0.3f, 0.1f, 0.2f], requires_grad: true);
        DifferentiableTopK.Mask(scores, ratio, sharpness: 3).backward([tensor([1f, 10, 100])]);
        // Ranks 1, 1/3 and 2/3.
        double[] slope = [.. new[] { 1, 1 / 3.0, 2 / 3.0 }.Select(rank => 1 / (1 + Math.Exp(-3 * (rank - 0.6)))).Select(soft => 3 * soft * (1 - soft))];
        Assert.Equal(-(slope[0] + 10 * slope[1] + 100 * slope[2]), ratio.grad!.item<float>(), tolerance: 1e-4);
        float[] ofScores = scores.grad!.data<float>().ToArray();
        Assert.Equal(slope[0], ofScores[0], tolerance: 1e-5);
        Assert.Equal(10 * slope[1], ofScores[1], tolerance: 1e-4);
        Assert.Equal(100 * slope[2], ofScores[2], tolerance: 1e-3);
    }
}
