using PruneNotebooks.Runtime;
using static TorchSharp.torch;

namespace PruneNotebooks.Benchmarks.Plain;

/// <summary>Attention in the plainest form: matrix product, mask, softmax, matrix product.</summary>
internal static class PlainAttention
{
    /// <summary>Softmax weights of all pairs, <c>[..., H, T, T]</c>.</summary>
    /// <param name="query"><c>[..., H, T, d]</c>.</param>
    /// <param name="key">As the queries.</param>
    /// <param name="mask">What to add, <c>[T, T]</c>: 0 where a query may look, -inf elsewhere.</param>
    public static Tensor Weights(Tensor query, Tensor key, Tensor? mask = null)
    {
        using var scope = NewDisposeScope();
        var scores = query.matmul(key.transpose(-1, -2)).mul_((1 / Math.Sqrt(query.shape[^1])).ToCachedScalar());
        if (mask is not null) scores.add_(mask);
        return scores.softmax(-1, ScalarType.Float32).to(query.dtype).MoveToOuterDisposeScope();
    }

    /// <summary>The full causal mask, <c>[T, T]</c>.</summary>
    public static Tensor CausalMask(long length, ScalarType type)
    {
        using var scope = NewDisposeScope();
        return full(length, length, double.NegativeInfinity, type).triu(1).MoveToOuterDisposeScope();
    }

    /// <summary><c>[B, T, H * d]</c> to <c>[B, H, T, d]</c>.</summary>
    public static Tensor Split(Tensor x, int heads) => x.view(x.shape[0], x.shape[1], heads, -1).transpose(1, 2);

    /// <summary><c>[B, H, T, d]</c> to <c>[B, T, H * d]</c>.</summary>
    public static Tensor Merge(Tensor x) => x.transpose(1, 2).reshape(x.shape[0], x.shape[2], -1);
}
