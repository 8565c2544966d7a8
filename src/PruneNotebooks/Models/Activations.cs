using PruneNotebooks.Runtime;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace PruneNotebooks.Models;

/// <summary>The activations that configurations name, elementwise: any shape, any floating-point type, kept.</summary>
public static class Activations
{
    static readonly Dictionary<string, Func<Tensor, Tensor>> Functions = new()
    {
        ["silu"] = x => x.silu(),
        ["relu"] = x => x.relu(),
        ["gelu"] = x => x.gelu(),
        ["gelu_pytorch_tanh"] = x => x.gelu(GELU.Approximate.tanh),
        ["quick_gelu"] = QuickGelu,
    };

    /// <summary>The names that are implemented, as the reference library writes them.</summary>
    public static string[] Names { get; } = [.. Functions.Keys];

    /// <summary>The activation of that name.</summary>
    /// <exception cref="ArgumentException">There is none of that name.</exception>
    public static Func<Tensor, Tensor> Of(string name) => Functions.TryGetValue(name, out var function)
        ? function
        : throw new ArgumentException($"Activation '{name}' is not implemented. Implemented: {string.Join(", ", Names)}.", nameof(name));

    /// <summary>x * sigmoid(1.702 x), CLIP's approximation of GELU (arXiv:1606.08415, section 2).</summary>
    static Tensor QuickGelu(Tensor x)
    {
        using var gate = (x * 1.702.ToCachedScalar()).sigmoid_();
        return x * gate;
    }
}
