using System.Collections;
using System.Runtime.CompilerServices;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Conformance;

/// <summary>What an adapter returns: outputs under their golden names, without <c>expect.</c></summary>
sealed class Outputs : IEnumerable
{
    readonly Dictionary<string, Tensor> tensors = [];

    public void Add(string name, Tensor tensor) => tensors.Add(name, tensor);

    // Before the conversion from arrays to tensors.
    [OverloadResolutionPriority(1)]
    public void Add(string name, IEnumerable<long> indices) => tensors.Add(name, tensor([.. indices], ScalarType.Int64));

    [OverloadResolutionPriority(1)]
    public void Add(string name, IEnumerable<float> numbers) => tensors.Add(name, tensor([.. numbers], ScalarType.Float32));

    [OverloadResolutionPriority(1)]
    public void Add(string name, IEnumerable<double> numbers) => tensors.Add(name, tensor([.. numbers], ScalarType.Float64));

    public Tensor this[string name] => tensors.TryGetValue(name, out var tensor)
        ? tensor
        : throw new Xunit.Sdk.XunitException($"The adapter does not compute '{name}'; it computes {string.Join(", ", tensors.Keys)}.");

    IEnumerator IEnumerable.GetEnumerator() => tensors.GetEnumerator();
}
