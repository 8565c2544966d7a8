using static TorchSharp.torch;

namespace PruneNotebooks.Models;

/// <summary>Weights without numbers: writes down which tensors a model asks for.</summary>
/// <remarks>A model built from these on the <c>meta</c> device costs no memory, whatever its size; compare <see cref="Shapes"/> with what the files have.</remarks>
/// <param name="names">The tensors that are there, for <see cref="Has"/>; <see langword="null"/>: any.</param>
public sealed class ShapeRecorder(IEnumerable<string>? names = null) : IWeights
{
    readonly HashSet<string>? names = names?.ToHashSet();
    readonly Dictionary<string, long[]> shapes = [];

    /// <summary>The shapes that were asked for, by name.</summary>
    public IReadOnlyDictionary<string, long[]> Shapes => shapes;

    /// <inheritdoc/>
    public Device Device => META;

    /// <inheritdoc/>
    public ScalarType DType => ScalarType.Float32;

    /// <inheritdoc/>
    public bool Has(string name) => names?.Contains(name) ?? true;

    /// <inheritdoc/>
    public Tensor Take(string name, params ReadOnlySpan<long> shape)
    {
        if (!Has(name)) throw new InvalidDataException($"There is no tensor '{name}'.");
        shapes[name] = shape.ToArray();
        return empty(shape, DType, Device);
    }
}
