using PruneNotebooks.Runtime;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Primitives;

/// <summary>The attention of one token - the class token, the last of the prompt - to the visual tokens alone, from its states and theirs: the softmax runs over no other keys.</summary>
public static class OneQueryAttention
{
    /// <summary>Softmax of <c>q_h k_hj</c> over the N tokens, mean over heads. O(H N d), float32.</summary>
    /// <param name="query">The one token's state by head, float <c>[H, d]</c>.</param>
    /// <param name="keys">States of the visual tokens, float <c>[G, N, d]</c>; with grouped heads G divides H.</param>
    /// <param name="scaled">Whether products are divided by sqrt(d), as attention does.</param>
    /// <param name="withItself">Whether the one token is a key, too: it takes its part and is cut off. Then <paramref name="query"/> is also its key.</param>
    /// <returns>Float32 <c>[N]</c>; sums to 1, or less with <paramref name="withItself"/>.</returns>
    /// <exception cref="ArgumentException">Shapes disagree, or a token is not finite; the message names it.</exception>
    public static Tensor Of(Tensor query, Tensor keys, bool scaled = true, bool withItself = false)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(keys);
        if (query.dim() != 2 || keys.dim() != 3 || query.shape[1] != keys.shape[2] || query.shape[0] % keys.shape[0] != 0)
            throw new ArgumentException($"A query [H, d] and keys [G, N, d] are expected, G dividing H; they are {query.Shape()} and {keys.Shape()}.", nameof(keys));
        using var scope = NewDisposeScope();
        var (q, k) = (query.to_type(ScalarType.Float32), keys.to_type(ScalarType.Float32));
        // Heads of a group, [G, H / G, d], share their keys.
        var logits = q.view(k.shape[0], -1, k.shape[2]).matmul(k.transpose(1, 2)).view(q.shape[0], k.shape[1]);
        FiniteTokens.Check(logits, 1, nameof(keys));
        if (withItself) logits = cat([q.mul(q).sum(1, keepdim: true), logits], 1);
        if (scaled) logits = logits.mul_((1 / Math.Sqrt(k.shape[2])).ToCachedScalar());
        return logits.softmax(1).mean([0]).narrow(0, withItself ? 1 : 0, k.shape[1]).clone().MoveToOuterDisposeScope();
    }
}
