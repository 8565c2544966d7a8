using PruneNotebooks.Runtime;
using static TorchSharp.torch;

namespace PruneNotebooks.Models;

/// <summary>Looks at the queries <c>[B, H, T, d]</c>, keys <c>[B, Hkv, S, d]</c> and values of a layer while it runs; reads only.</summary>
internal delegate void AttentionProbe(Tensor query, Tensor key, Tensor value);

/// <summary>Scaled dot-product attention: fused for the model itself, explicit for the rows that a method asks to see.</summary>
internal static class Attention
{
    const int BlockOfRows = 128;

    /// <summary>Fused attention.</summary>
    /// <param name="query"><c>[B, H, T, d]</c>.</param>
    /// <param name="key"><c>[B, Hkv, S, d]</c>; H is a multiple of Hkv.</param>
    /// <param name="value">As the keys.</param>
    /// <param name="mask">Bool, true where a query may look, or numbers to add to the logits; broadcastable to <c>[B, H, T, S]</c>; or none.</param>
    /// <param name="causal">Each query sees the keys up to its own place; only without a mask, and with T = S.</param>
    /// <returns><c>[B, T, H * d]</c>.</returns>
    public static Tensor Fused(Tensor query, Tensor key, Tensor value, Tensor? mask = null, bool causal = false)
    {
        using var scope = NewDisposeScope();
        long groups = query.shape[1] / key.shape[1];
        var mixed = nn.functional.scaled_dot_product_attention(query, Repeat(key, groups), Repeat(value, groups), mask, is_casual: causal);
        return MergeHeads(mixed).MoveToOuterDisposeScope();
    }

    /// <summary>Softmax weights of some query rows of one sequence, in float32.</summary>
    /// <param name="query">The rows, <c>[H, Q, d]</c>.</param>
    /// <param name="key"><c>[Hkv, S, d]</c>.</param>
    /// <param name="last">For each row, the last key that it sees, int64 <c>[Q]</c>; <see langword="null"/> if every row sees every key.</param>
    /// <param name="sizes">How many tokens each key stands for, float32 <c>[S]</c>; one each if <see langword="null"/>.</param>
    /// <returns><c>[H, Q, S]</c>.</returns>
    public static Tensor Weights(Tensor query, Tensor key, Tensor? last = null, Tensor? sizes = null)
    {
        using var scope = NewDisposeScope();
        double scale = 1 / Math.Sqrt(query.shape[^1]);
        var keys = Repeat(key.unsqueeze(0), query.shape[0] / key.shape[0]).squeeze(0).to(ScalarType.Float32);
        var scores = query.to(ScalarType.Float32).matmul(keys.transpose(-1, -2)).mul_(scale.ToCachedScalar());
        if (sizes is not null) scores.add_(sizes.log());
        if (last is not null)
        {
            var hidden = Indices.UpTo(key.shape[1], key.device).unsqueeze(0) > last.unsqueeze(1);
            scores.masked_fill_(hidden, double.NegativeInfinity.ToCachedScalar());
        }
        return scores.softmax(-1).MoveToOuterDisposeScope();
    }

    /// <summary>Mean of <see cref="Weights"/> over the rows, <c>[H, S]</c>, in blocks of rows so that memory stays linear in S.</summary>
    public static Tensor MeanWeights(Tensor query, Tensor key, Tensor? last = null, Tensor? sizes = null)
    {
        using var scope = NewDisposeScope();
        long rows = query.shape[1];
        var sum = zeros(query.shape[0], key.shape[1], ScalarType.Float32, query.device);
        for (long first = 0; first < rows; first += BlockOfRows)
        {
            using var block = NewDisposeScope();
            long count = Math.Min(BlockOfRows, rows - first);
            sum.add_(Weights(query.narrow(1, first, count), key, last?.narrow(0, first, count), sizes).sum(1));
        }
        return sum.div_(((double)rows).ToCachedScalar()).MoveToOuterDisposeScope();
    }

    /// <summary><c>[B, T, heads * d]</c> to <c>[B, heads, T, d]</c>, a view.</summary>
    public static Tensor SplitHeads(Tensor x, int heads) => x.view(x.shape[0], x.shape[1], heads, x.shape[2] / heads).transpose(1, 2);

    /// <summary><c>[B, heads, T, d]</c> to <c>[B, T, heads * d]</c>.</summary>
    static Tensor MergeHeads(Tensor x) => x.transpose(1, 2).reshape(x.shape[0], x.shape[2], -1);

    // Grouped-query attention: each key-value head serves several query heads in a row.
    static Tensor Repeat(Tensor x, long groups) => groups == 1
        ? x
        : x.unsqueeze(2).expand(x.shape[0], x.shape[1], groups, x.shape[2], x.shape[3]).reshape(x.shape[0], x.shape[1] * groups, x.shape[2], x.shape[3]);
}
