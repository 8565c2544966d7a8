using PruneNotebooks.Runtime;
using static TorchSharp.torch;

namespace PruneNotebooks.Models;

/// <summary>Zero mean and unit variance over the width, then scale and shift.</summary>
internal sealed class LayerNorm(Tensor weight, Tensor bias, double eps) : IDisposable
{
    readonly long[] shape = weight.shape;

    public static LayerNorm Take(IWeights weights, string name, int width, double eps) =>
        new(weights.Take(name + ".weight", width), weights.Take(name + ".bias", width), eps);

    public Tensor Forward(Tensor x) => nn.functional.layer_norm(x, shape, weight, bias, eps);

    public void Dispose()
    {
        weight.Dispose();
        bias.Dispose();
    }
}

/// <summary>Unit root mean square over the width, computed in float32, then scale.</summary>
internal sealed class RmsNorm(Tensor weight, double eps) : IDisposable
{
    public static RmsNorm Take(IWeights weights, string name, int width, double eps) => new(weights.Take(name + ".weight", width), eps);

    public Tensor Forward(Tensor x)
    {
        using var scope = NewDisposeScope();
        var wide = x.to(ScalarType.Float32);
        var scale = wide.square().mean([-1], keepdim: true).add_(eps.ToCachedScalar()).rsqrt_();
        return (wide * scale).to(x.dtype).mul_(weight).MoveToOuterDisposeScope();
    }

    public void Dispose() => weight.Dispose();
}
