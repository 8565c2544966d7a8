using PruneNotebooks.Models;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Models;

public class ActivationsTests
{
    // Values at -2, -0.5, 0, 1, 3, from the definitions in double precision.
    [Theory]
    [InlineData("silu", new[] { -0.238405844, -0.188770334, 0, 0.731058579, 2.857722380 })]
    [InlineData("relu", new[] { 0.0, 0, 0, 1, 3 })]
    [InlineData("gelu", new[] { -0.045500264, -0.154268769, 0, 0.841344746, 2.995950306 })]
    [InlineData("gelu_pytorch_tanh", new[] { -0.045402306, -0.154285990, 0, 0.841191991, 2.996362608 })]
    [InlineData("quick_gelu", new[] { -0.064341377, -0.149611563, 0, 0.845795766, 2.981928690 })]
    public void Each_is_its_definition(string name, double[] expected)
    {
        using var scope = NewDisposeScope();
        var x = tensor(new[] { -2.0, -0.5, 0, 1, 3 });
        var y = Activations.Of(name)(x);
        for (int i = 0; i < expected.Length; i++) Assert.Equal(expected[i], y[i].item<double>(), 1e-8);
        Assert.Equal([-2.0, -0.5, 0, 1, 3], x.data<double>().ToArray());
        Assert.Equal(bfloat16, Activations.Of(name)(x.to(bfloat16)).dtype);
    }

    [Fact]
    public void An_unknown_name_is_refused() =>
        Assert.Contains("quick_gelu", Assert.Throws<ArgumentException>(() => Activations.Of("xielu")).Message, StringComparison.Ordinal);
}
