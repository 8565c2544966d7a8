using PruneNotebooks.Primitives;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Primitives;

public sealed class OneQueryAttentionTests
{
    [Fact]
    public void It_is_softmax_over_these_keys_alone()
    {
        using var scope = NewDisposeScope();
        var keys = tensor(new float[] { 0, (float)Math.Log(3) }).view(1, 2, 1);
        Same([0.25, 0.75], OneQueryAttention.Of(ones(1, 1), keys));
        // Itself a key, with the product 1 * 1.
        Same([1 / (4 + Math.E), 3 / (4 + Math.E)], OneQueryAttention.Of(ones(1, 1), keys, scaled: false, withItself: true));
    }

    [Fact]
    public void Products_are_scaled_by_the_root_of_the_head_size_or_not()
    {
        using var scope = NewDisposeScope();
        var keys = tensor(new float[,] { { 0, 0, 0, 0 }, { 1, 1, 1, 1 } }).unsqueeze(0);
        Same([1 / (1 + Math.Exp(2)), 1 / (1 + Math.Exp(-2))], OneQueryAttention.Of(ones(1, 4), keys));
        Same([1 / (1 + Math.Exp(4)), 1 / (1 + Math.Exp(-4))], OneQueryAttention.Of(ones(1, 4), keys, scaled: false));
    }

    [Fact]
    public void Grouped_heads_share_their_keys()
    {
        using var scope = NewDisposeScope();
        using var random = new Generator(1);
        var (query, keys) = (randn([6, 4], generator: random), randn([2, 5, 4], generator: random));
        var repeated = keys.repeat_interleave(3, 0);
        Assert.True(OneQueryAttention.Of(query, keys).allclose(OneQueryAttention.Of(query, repeated)));
        Assert.Throws<ArgumentException>(() => OneQueryAttention.Of(query.narrow(0, 0, 5), keys));
    }

    static void Same(double[] expected, Tensor actual)
    {
        foreach (var (want, got) in expected.Zip(actual.data<float>().ToArray())) Assert.Equal(want, got, tolerance: 1e-6);
    }
}
