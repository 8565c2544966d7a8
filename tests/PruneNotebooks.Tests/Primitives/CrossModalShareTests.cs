using PruneNotebooks.Primitives;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Primitives;

public sealed class CrossModalShareTests
{
    [Fact]
    public void Two_heads_by_hand()
    {
        using var attention = tensor(new float[,,]
        {
            { { 1, 0, 0 }, { 0.5f, 0.5f, 0 }, { 0.2f, 0.2f, 0.6f } },
            { { 1, 0, 0 }, { 1, 0, 0 }, { 0, 0.6f, 0.4f } },
        });
        Assert.Equal(0.4, CrossModalShare.Of(attention, from: new(2, 1), to: new(1, 1)), tolerance: 1e-6);
        Assert.Equal(0, CrossModalShare.Of(attention, from: new(1, 1), to: new(2, 1)));
        Assert.Equal(0.75, CrossModalShare.Of(attention, from: new(1, 1), to: new(0, 1)), tolerance: 1e-6);
        Assert.Equal(0, CrossModalShare.Of(attention, from: new(1, 0), to: new(0, 1)));
        Assert.Contains("Tokens 2 to 3 are not among 3", Assert.Throws<ArgumentException>(() => CrossModalShare.Of(attention, new VisualSpan(2, 2), new VisualSpan(0, 1))).Message, StringComparison.Ordinal);
    }
}
