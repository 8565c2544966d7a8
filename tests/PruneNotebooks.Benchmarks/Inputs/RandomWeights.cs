using PruneNotebooks.Models;
using PruneNotebooks.Runtime;
using static TorchSharp.torch;

namespace PruneNotebooks.Benchmarks.Inputs;

/// <summary>Weights of any shape, drawn when they are first asked for; whoever asks again gets the same memory.</summary>
internal sealed class RandomWeights(ScalarType type) : IWeights, IDisposable
{
    readonly Generator random = new(1, CPU);
    readonly Dictionary<string, Tensor> drawn = [];

    public Device Device => CPU;

    public ScalarType DType => type;

    public bool Has(string name) => true;

    public Tensor Take(string name, params ReadOnlySpan<long> shape)
    {
        if (!drawn.TryGetValue(name, out var weight)) drawn[name] = weight = Draw(name, shape.ToArray());
        return weight.alias();
    }

    // Norms scale by about 1, matrices keep the size of what they multiply.
    Tensor Draw(string name, long[] shape)
    {
        using var scope = NewDisposeScope();
        bool scale = shape.Length == 1 && name.EndsWith(".weight", StringComparison.Ordinal);
        double spread = shape.Length == 1 ? 0.05 : Math.Sqrt((double)shape[0] / shape.Aggregate(1L, (a, b) => a * b));
        var weight = randn(shape, ScalarType.Float32, generator: random).mul_(spread.ToCachedScalar());
        if (scale) weight.add_(1.ToCachedScalar());
        return weight.to(type).DetachFromDisposeScope();
    }

    public void Dispose()
    {
        foreach (var weight in drawn.Values) weight.Dispose();
        random.Dispose();
    }
}
