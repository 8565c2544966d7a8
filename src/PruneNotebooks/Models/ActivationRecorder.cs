using PruneNotebooks.Runtime;
using static TorchSharp.torch;

namespace PruneNotebooks.Models;

/// <summary>Keeps activations of a forward pass, by name, for those who want to look into a model.</summary>
/// <remarks>
/// Names: <c>vision.hidden.i</c> (i = 0 is the input of the first block), <c>vision.attention.i</c>, <c>projector</c>, <c>decoder.hidden.i</c>,
/// <c>decoder.attention.i</c>. Hidden states are <c>[B, T, D]</c>, attention is explicit, float32 <c>[B, H, rows, T]</c>. What is not wanted is not computed.
/// </remarks>
/// <param name="wants">Whether an activation of that name is wanted.</param>
/// <param name="attentionRows">Attention of the last so many tokens only; of all of them if not given.</param>
public sealed class ActivationRecorder(Func<string, bool> wants, int? attentionRows = null) : IDisposable
{
    readonly Dictionary<string, Tensor> recorded = [];

    /// <summary>What was recorded; owned by the recorder.</summary>
    public IReadOnlyDictionary<string, Tensor> Recorded => recorded;

    /// <summary>An activation by name.</summary>
    /// <exception cref="KeyNotFoundException">It was not recorded.</exception>
    public Tensor this[string name] => recorded.TryGetValue(name, out var value)
        ? value
        : throw new KeyNotFoundException($"'{name}' was not recorded; recorded are: {string.Join(", ", recorded.Keys)}.");

    internal bool Wants(string name) => wants(name);

    internal void Record(string name, Tensor value)
    {
        if (!wants(name)) return;
        if (recorded.Remove(name, out var old)) old.Dispose();
        recorded[name] = value.clone().DetachFromDisposeScope();
    }

    internal void RecordAttention(string name, Tensor query, Tensor key, bool causal)
    {
        if (!wants(name)) return;
        using var scope = NewDisposeScope();
        long tokens = query.shape[2], rows = Math.Min(tokens, attentionRows ?? tokens);
        query = query.narrow(2, tokens - rows, rows);
        Tensor? last = causal ? Indices.Range(tokens - rows, tokens, query.device) : null;
        Record(name, stack(Enumerable.Range(0, (int)query.shape[0]).Select(b => Attention.Weights(query[b], key[b], last))));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in recorded.Values) tensor.Dispose();
        recorded.Clear();
    }
}
