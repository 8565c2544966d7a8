using PruneNotebooks.Runtime;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Primitives;

/// <summary>The causal attention of the text behind a picture to itself, from queries, keys and the attention to the picture.</summary>
/// <remarks>
/// A softmax row over the whole sequence needs keys that no pruner sees, those before the picture. But the picture's share of the row is known, and says what the row was divided by:
/// <c>P(i, j) = exp(l(i, j)) * sum_v P(i, v) / sum_v exp(l(i, v))</c>, v running over the visual tokens. A row that gives the picture nothing that float32 can hold is 0.
/// </remarks>
public static class TextAttention
{
    /// <summary>Attention among the T text tokens.</summary>
    /// <param name="query">Queries of the text after rotary embedding, float <c>[H, T, d]</c>.</param>
    /// <param name="key">Its keys, <c>[Hk, T, d]</c>; with grouped queries H is a multiple of Hk.</param>
    /// <param name="visualKey">Keys of the visual tokens, <c>[Hk, N, d]</c>.</param>
    /// <param name="toVisual">Attention of the text to the visual tokens, <c>[H, T, N]</c>; softmax over the whole sequence.</param>
    /// <returns>Float32 <c>[H, T, T]</c>, rows are queries; 0 above the diagonal.</returns>
    /// <exception cref="ArgumentException">Shapes disagree, or a visual token is not finite; the message names it.</exception>
    public static Tensor Among(Tensor query, Tensor key, Tensor visualKey, Tensor toVisual)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(visualKey);
        ArgumentNullException.ThrowIfNull(toVisual);
        if (query.dim() != 3 || key.dim() != 3 || visualKey.dim() != 3 || query.shape[0] % key.shape[0] != 0 || query.shape[1] != key.shape[1] || key.shape[0] != visualKey.shape[0]
            || !toVisual.shape.SequenceEqual([query.shape[0], query.shape[1], visualKey.shape[1]]))
            throw new ArgumentException($"Queries [H, T, d], keys [Hk, T, d] and [Hk, N, d] and attention [H, T, N] are expected; they are {query.Shape()}, {key.Shape()}, {visualKey.Shape()} and {toVisual.Shape()}.", nameof(toVisual));
        FiniteTokens.Check(visualKey, 1, nameof(visualKey));
        FiniteTokens.Check(toVisual, 2, nameof(toVisual));
        using var scope = NewDisposeScope();
        var rows = query.to_type(ScalarType.Float32).mul((1 / Math.Sqrt(query.shape[2])).ToCachedScalar());
        var divisor = Logits(visualKey).logsumexp(-1, keepdim: true);
        var share = toVisual.sum(-1, keepdim: true, type: ScalarType.Float32);
        return Logits(key).sub_(divisor).add_(share.log_()).exp_().tril().MoveToOuterDisposeScope();

        Tensor Logits(Tensor keys) => rows.matmul(keys.to_type(ScalarType.Float32).repeat_interleave(query.shape[0] / key.shape[0], 0).transpose(1, 2));
    }
}
