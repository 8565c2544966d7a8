using PruneNotebooks.Runtime;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Models;

/// <summary>The sequences of a batch while tokens leave: hidden states, padded on the left to one length, and which prompt positions still live.</summary>
/// <param name="Hidden">Hidden states of the tokens that are being computed, <c>[B, T, D]</c>.</param>
/// <param name="Alive">By sequence: the living positions in its full prompt, in the order of the sequence.</param>
/// <param name="Cached">How many of the living tokens, from the first on, lie in the cache already and are not in <paramref name="Hidden"/>.</param>
internal sealed record LivingTokens(Tensor Hidden, long[][] Alive, int Cached = 0)
{
    int Length => (int)Hidden.shape[1];

    /// <summary>Rows of padding before a sequence.</summary>
    public int Padding(int sequence) => Length - (Alive[sequence].Length - Cached);

    /// <summary>The rows of one sequence without padding, <c>[T, D]</c>, a view.</summary>
    public Tensor Rows(int sequence) => RowsOf(Hidden, sequence);

    /// <summary>The same rows of something that was made of <see cref="Hidden"/>, <c>[B, T, ...]</c>.</summary>
    public Tensor RowsOf(Tensor made, int sequence) => made[sequence].narrow(0, Padding(sequence), Length - Padding(sequence));

    /// <summary>Puts sequences <c>[T, D]</c> of different lengths into one batch.</summary>
    public static LivingTokens Batch(IReadOnlyList<Tensor> sequences, long[][] alive, int cached = 0)
    {
        long length = sequences.Max(sequence => sequence.shape[0]);
        return new(stack([.. sequences.Select(s => s.shape[0] == length ? s : nn.functional.pad(s, [0, 0, length - s.shape[0], 0]))]), alive, cached);
    }

    /// <summary>Position ids of the tokens in <see cref="Hidden"/>, int64 <c>[B, T]</c>; padding is at 0.</summary>
    public Tensor PositionIds(Positions positions)
    {
        long[] ids = new long[Alive.Length * Length];
        for (int b = 0; b < Alive.Length; b++)
            for (int i = Cached; i < Alive[b].Length; i++)
                ids[b * Length + Padding(b) + i - Cached] = positions == Positions.Keep ? Alive[b][i] : i;
        return tensor(ids, [Alive.Length, Length], ScalarType.Int64, Hidden.device);
    }

    /// <summary>Which keys of a layer are tokens rather than padding, bool <c>[B, S]</c>; <see langword="null"/> if all are.</summary>
    public Tensor? ValidKeys()
    {
        if (Enumerable.Range(0, Alive.Length).All(b => Padding(b) == 0)) return null;
        bool[] valid = new bool[Alive.Length * (Cached + Length)];
        for (int b = 0; b < Alive.Length; b++)
            for (int i = 0; i < Cached + Length; i++)
                valid[b * (Cached + Length) + i] = i < Cached || i >= Cached + Padding(b);
        return tensor(valid, [Alive.Length, Cached + Length], ScalarType.Bool, Hidden.device);
    }

    /// <summary>Who may look at whom when the last T of S tokens are queries, bool <c>[B or 1, 1, T, S]</c>; <see langword="null"/> where fused causal attention needs no mask.</summary>
    public static Tensor? Mask(Tensor? valid, long queries, long keys, Device device)
    {
        if (valid is null && (queries == 1 || queries == keys)) return null;
        using var scope = NewDisposeScope();
        var key = Indices.UpTo(keys, device).unsqueeze(0);
        var query = Indices.Range(keys - queries, keys, device).unsqueeze(1);
        var allowed = (key <= query).view(1, 1, queries, keys);
        // Padding looks at itself, so that its softmax has something to normalise; nobody looks at padding.
        if (valid is not null) allowed = allowed.logical_and(valid.view(valid.shape[0], 1, 1, keys)).logical_or((key == query).view(1, 1, queries, keys));
        return allowed.MoveToOuterDisposeScope();
    }
}
