using static TorchSharp.torch;

namespace PruneNotebooks.Models;

/// <summary>Keys and values of the tokens that each decoder layer has seen. Layers may hold different numbers of tokens: pruned ones are simply not there.</summary>
public sealed class KvCache : IDisposable
{
    readonly Tensor?[] keys, values;
    readonly long[] lengths;

    /// <summary>An empty cache.</summary>
    /// <param name="layers">Decoder layers.</param>
    public KvCache(int layers) => (keys, values, lengths) = (new Tensor?[layers], new Tensor?[layers], new long[layers]);

    /// <summary>Decoder layers.</summary>
    public int Layers => lengths.Length;

    /// <summary>Tokens that a layer holds.</summary>
    public long Length(int layer) => lengths[layer];

    /// <summary>Bytes of all keys and values that are in use.</summary>
    public long Bytes => Enumerable.Range(0, Layers).Sum(layer => keys[layer] is { } k ? 2 * k.shape[0] * k.shape[1] * lengths[layer] * k.shape[3] * k.ElementSize : 0);

    /// <summary>Adds tokens to a layer.</summary>
    /// <param name="layer">Which.</param>
    /// <param name="key"><c>[B, Hkv, T, d]</c>.</param>
    /// <param name="value">As the keys.</param>
    /// <returns>All keys and values of the layer, <c>[B, Hkv, S, d]</c>; views of the cache.</returns>
    internal (Tensor Keys, Tensor Values) Append(int layer, Tensor key, Tensor value)
    {
        long length = lengths[layer] + key.shape[2];
        keys[layer] = Write(keys[layer], lengths[layer], key);
        values[layer] = Write(values[layer], lengths[layer], value);
        lengths[layer] = length;
        return (keys[layer]!.narrow(2, 0, length), values[layer]!.narrow(2, 0, length));
    }

    /// <summary>Keys and values of the first tokens of a layer, <c>[B, Hkv, tokens, d]</c>; views of the cache.</summary>
    internal (Tensor Keys, Tensor Values) Start(int layer, long tokens) => (keys[layer]!.narrow(2, 0, tokens), values[layer]!.narrow(2, 0, tokens));

    /// <summary>A cache for another batch, whose sequences start with sequences of this one.</summary>
    /// <param name="sequences">For each sequence of the new batch, the one of this cache that it starts with.</param>
    internal KvCache Select(IReadOnlyList<int> sequences)
    {
        var selected = new KvCache(Layers);
        for (int layer = 0; layer < Layers; layer++)
        {
            using var scope = NewDisposeScope();
            if (keys[layer] is not { } k || values[layer] is not { } v) continue;
            var index = tensor([.. sequences.Select(sequence => (long)sequence)], ScalarType.Int64, k.device);
            selected.Append(layer, k.narrow(2, 0, lengths[layer]).index_select(0, index), v.narrow(2, 0, lengths[layer]).index_select(0, index));
        }
        return selected;
    }

    // Room grows by halves, so that adding a token does not copy all the others.
    static Tensor Write(Tensor? store, long length, Tensor added)
    {
        using var scope = NewDisposeScope();
        long needed = length + added.shape[2];
        if (store is null || store.shape[2] < needed)
        {
            long room = needed + Math.Max(16, needed / 2);
            var larger = empty([added.shape[0], added.shape[1], room, added.shape[3]], added.dtype, added.device);
            if (store is not null && length > 0) larger.narrow(2, 0, length).copy_(store.narrow(2, 0, length));
            store?.Dispose();
            store = larger.DetachFromDisposeScope();
        }
        store.narrow(2, length, added.shape[2]).copy_(added);
        return store;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in keys) tensor?.Dispose();
        foreach (var tensor in values) tensor?.Dispose();
    }
}
