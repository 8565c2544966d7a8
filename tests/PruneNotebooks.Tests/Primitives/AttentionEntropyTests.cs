using PruneNotebooks.Primitives;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Primitives;

public sealed class AttentionEntropyTests
{
    [Fact]
    public void It_is_0_for_one_token_and_the_logarithm_for_all()
    {
        using var scope = NewDisposeScope();
        Assert.Equal(0, AttentionEntropy.Of(tensor(new float[] { 0, 0.3f, 0 })).item<double>());
        Assert.Equal(Math.Log(576), AttentionEntropy.Of(full(576, 1e-5)).item<double>(), tolerance: 1e-9);
        Assert.Equal([3, 2], AttentionEntropy.Of(rand(3, 2, 10)).shape);
        double half = -(0.25 * Math.Log(0.25) + 0.75 * Math.Log(0.75));
        Assert.All(AttentionEntropy.Of(tensor(new float[,] { { 1, 3 }, { 0.2f, 0.6f } })).data<double>().ToArray(), entropy => Assert.Equal(half, entropy, tolerance: 1e-7));
    }

    [Fact]
    public void What_is_no_attention_is_refused()
    {
        using var negative = tensor(new float[,] { { 1, 1, 1 }, { 1, 1, -1 } });
        using var none = zeros(2, 3);
        Assert.Contains("attention of token 2 is negative", Assert.Throws<ArgumentException>(() => AttentionEntropy.Of(negative)).Message, StringComparison.Ordinal);
        Assert.Contains("No token receives any attention", Assert.Throws<ArgumentException>(() => AttentionEntropy.Of(none)).Message, StringComparison.Ordinal);
    }
}
