using PruneNotebooks.Runtime;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Runtime;

public sealed class ComputeTests
{
    [Fact]
    public void What_was_not_asked_for_is_chosen_with_a_reason()
    {
        Assert.SkipWhen(cuda_is_available(), "With a CUDA device the choice is another.");
        var chosen = Compute.Choose(stored: ScalarType.BFloat16);
        Assert.Equal((CPU.type, ScalarType.Float32), (chosen.Device.type, chosen.Type));
        Assert.Contains("no CUDA device", chosen.Reason);
        Assert.Equal("as asked; BFloat16: as asked", Compute.Choose(CPU, ScalarType.BFloat16).Reason);
    }

    [Fact]
    public void A_CUDA_device_that_is_not_there_is_refused_and_not_replaced()
    {
        int devices = cuda_is_available() ? cuda.device_count() : 0;
        var error = Assert.Throws<NotSupportedException>(() => Compute.Choose(new Device(TorchSharp.DeviceType.CUDA, devices)));
        Assert.Contains(devices == 0 ? "libtorch finds none" : "counted from cuda:0", error.Message);
    }

    [Fact]
    public void A_type_that_no_model_computes_in_is_refused() =>
        Assert.Contains("it was asked for Int32", Assert.Throws<ArgumentException>(() => Compute.Choose(type: ScalarType.Int32)).Message);
}
