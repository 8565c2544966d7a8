using static TorchSharp.torch;

namespace PruneNotebooks.Models;

/// <summary><c>x W^T + b</c>.</summary>
internal sealed class Linear(Tensor weight, Tensor? bias = null) : IDisposable
{
    /// <summary>Takes <c>name.weight</c> <c>[outputs, inputs]</c> and, if there is one, <c>name.bias</c>.</summary>
    public static Linear Take(IWeights weights, string name, int inputs, int outputs, bool bias) =>
        new(weights.Take(name + ".weight", outputs, inputs), bias ? weights.Take(name + ".bias", outputs) : null);

    public Tensor Forward(Tensor x) => nn.functional.linear(x, weight, bias);

    public void Dispose()
    {
        weight.Dispose();
        bias?.Dispose();
    }
}
