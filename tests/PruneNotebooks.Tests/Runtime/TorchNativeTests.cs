using PruneNotebooks.Runtime;
using TorchSharp;

namespace PruneNotebooks.Tests.Runtime;

public sealed class TorchNativeTests
{
    [Fact]
    public void Libtorch_is_loaded_and_computes()
    {
        Assert.Null(TorchNative.EnsureLoaded().Error);
        using var sum = torch.ones(3).sum();
        Assert.Equal(3f, sum.item<float>());
    }
}
