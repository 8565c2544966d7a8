using CsCheck;
using PruneNotebooks.Primitives;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Primitives;

public sealed class NeighbourSumsTests
{
    [Fact]
    public void Each_token_gets_its_nearest_by_weight() => Gen.Select(Gen.Int[2, 60], Gen.Int[0, 12], Gen.ULong).Sample((tokens, neighbours, seed) =>
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(seed);
        var (features, keys, weights) = (randn([tokens, 7], generator: generator), randn([tokens, 5], generator: generator), rand(tokens, generator: generator));
        long[] shuffled = SeededOrder.Of(tokens, (long)seed);
        int count = 1 + (int)(seed % (ulong)tokens);
        long[] order = shuffled[..count], others = shuffled[count..];
        var unit = keys / keys.norm(1, keepdim: true);
        float[] similarity = unit.matmul(unit.t()).data<float>().ToArray();
        List<Tensor> expected = [];
        foreach (long token in order)
        {
            var sum = features[token].clone();
            foreach (long other in shuffled.Where(other => other != token).OrderByDescending(other => similarity[token * tokens + other]).Take(neighbours)) sum += weights[other] * features[other];
            expected.Add(sum);
        }
        Assert.True(allclose(stack(expected), NeighbourSums.Add(features, keys, weights, order, others, neighbours), 1e-4, 1e-4));
    }, iter: 60, threads: 1);

    [Fact]
    public void Of_equally_similar_tokens_kept_ones_come_first()
    {
        using var features = tensor(new float[,] { { 1 }, { 10 }, { 100 }, { 1000 } });
        using var keys = ones(4, 2);
        using var weights = ones(4);
        using var sums = NeighbourSums.Add(features, keys, weights, [3, 2], [0, 1], neighbours: 2);
        Assert.Equal([1101, 1101], sums.data<float>().ToArray());
        using var all = NeighbourSums.Of(features, weights, [0, 1]);
        Assert.Equal([11], all.data<float>().ToArray());
        using var none = NeighbourSums.Of(features, weights, []);
        Assert.Equal([0], none.data<float>().ToArray());
    }

    [Fact]
    public void Outliers_lie_above_the_fence_and_not_on_it()
    {
        // Quartiles 1 and 3, so the fence is 6.
        Assert.Equal(0, AttentionOutliers.Count([0, 1, 2, 3, 6]));
        Assert.Equal(1, AttentionOutliers.Count([0, 1, 2, 3, 6.001f]));
        Assert.Equal(2, AttentionOutliers.Count([0, 1, 2, 3, 6.001f], factor: -0.5));
        Assert.Equal(0, AttentionOutliers.Count([5]));
    }
}
