using System.Collections;
using System.Diagnostics.CodeAnalysis;
using static TorchSharp.torch;

namespace PruneNotebooks.Models;

/// <summary>Tensors by name, as another program handed them over; they live until this is disposed.</summary>
public sealed class NamedTensors : IReadOnlyDictionary<string, Tensor>, IDisposable
{
    readonly string source;
    readonly SortedDictionary<string, Tensor> tensors = new(StringComparer.Ordinal);

    /// <summary>Copies everything that a file holds.</summary>
    internal NamedTensors(SafetensorsFile file, string source)
    {
        this.source = source;
        foreach (string name in file.Tensors.Keys)
        {
            using var mapped = file.Read(name);
            tensors[name] = mapped.clone().DetachFromDisposeScope();
        }
    }

    /// <summary>The tensor of that name.</summary>
    /// <exception cref="KeyNotFoundException">There is none; the sentence names those that are there.</exception>
    public Tensor this[string key] => tensors.TryGetValue(key, out var tensor)
        ? tensor
        : throw new KeyNotFoundException($"'{source}' has no tensor '{key}'; it has {(tensors.Count == 0 ? "none" : string.Join(", ", tensors.Keys))}.");

    /// <summary>A selection that another program made: whole numbers <c>[K]</c>, or one truth value per token <c>[N]</c>.</summary>
    /// <param name="name">The name of the tensor.</param>
    /// <returns>The numbers in the order given; for truth values, the places of the true ones, ascending.</returns>
    /// <exception cref="InvalidDataException">The tensor is something else.</exception>
    public long[] Indices(string name)
    {
        var given = this[name];
        if (given.dim() != 1 || given.dtype is not (ScalarType.Bool or ScalarType.Byte or ScalarType.Int8 or ScalarType.Int16 or ScalarType.Int32 or ScalarType.Int64))
            throw new InvalidDataException($"'{source}': tensor '{name}' is {given.dtype} [{string.Join(", ", given.shape)}]; a selection is a list of whole numbers, or one truth value per token.");
        using var scope = NewDisposeScope();
        var indices = given.dtype == ScalarType.Bool ? given.nonzero().flatten() : given.to(ScalarType.Int64);
        return indices.cpu().data<long>().ToArray();
    }

    /// <inheritdoc/>
    public IEnumerable<string> Keys => tensors.Keys;

    /// <inheritdoc/>
    public IEnumerable<Tensor> Values => tensors.Values;

    /// <inheritdoc/>
    public int Count => tensors.Count;

    /// <inheritdoc/>
    public bool ContainsKey(string key) => tensors.ContainsKey(key);

    /// <inheritdoc/>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out Tensor value) => tensors.TryGetValue(key, out value);

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, Tensor>> GetEnumerator() => tensors.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Frees the tensors.</summary>
    public void Dispose()
    {
        foreach (var tensor in tensors.Values) tensor.Dispose();
        tensors.Clear();
    }

    /// <summary>Names, types and shapes, one tensor a line.</summary>
    public override string ToString() =>
        string.Join('\n', tensors.Select(item => $"{item.Key}  {item.Value.dtype} [{string.Join(", ", item.Value.shape)}]"));
}
