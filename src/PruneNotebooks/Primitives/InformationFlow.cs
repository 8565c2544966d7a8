using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Primitives;

/// <summary>How much of a picture's information flows through each patch of one block of the tower, with the class token as the relay.</summary>
/// <remarks><i>FlowCut: Rethinking Redundancy via Information Flow</i>, arXiv 2505.19536, NeurIPS 2025, as in the authors' code.</remarks>
public static class InformationFlow
{
    /// <summary>Attention of the class token, likeness to its value, and size of the value: <c>(A / sum A + M / sum M) |v|_1</c>.</summary>
    /// <param name="clsAttention">Attention of the class token to the n patches, mean over heads, float <c>[n]</c>.</param>
    /// <param name="likeness">Softmax of the class token's value times each value, mean over heads, float <c>[n]</c>.</param>
    /// <param name="value">Values, mean over heads, float <c>[n, d]</c>.</param>
    /// <returns>Float32 <c>[n]</c>.</returns>
    /// <exception cref="ArgumentException">Shapes disagree, or a token is not finite; the message names it.</exception>
    public static Tensor Scores(Tensor clsAttention, Tensor likeness, Tensor value)
    {
        ArgumentNullException.ThrowIfNull(clsAttention);
        ArgumentNullException.ThrowIfNull(likeness);
        ArgumentNullException.ThrowIfNull(value);
        if (clsAttention.dim() != 1 || likeness.dim() != 1 || value.dim() != 2 || likeness.shape[0] != clsAttention.shape[0] || value.shape[0] != clsAttention.shape[0])
            throw new ArgumentException($"Attention [n], likeness [n] and values [n, d] are expected; they are {clsAttention.Shape()}, {likeness.Shape()} and {value.Shape()}.", nameof(value));
        FiniteTokens.Check(clsAttention, 0, nameof(clsAttention));
        FiniteTokens.Check(likeness, 0, nameof(likeness));
        using var scope = NewDisposeScope();
        var size = linalg.vector_norm(value.to_type(ScalarType.Float32), 1, dims: [1]);
        FiniteTokens.Check(size, 0, nameof(value));
        return Share(clsAttention).add_(Share(likeness)).mul_(size).MoveToOuterDisposeScope();

        static Tensor Share(Tensor weights)
        {
            var floats = weights.to_type(ScalarType.Float32);
            return floats.div(floats.sum());
        }
    }

    /// <summary>How many patches leave at a block: many if attention is peaked, none if it is even, <c>(n - target) / sqrt(remaining) (1 - h^2)</c>, h being entropy / ln n. At the last chance all but the target.</summary>
    /// <param name="clsAttention">Attention of the class token to the n patches, mean over heads, float <c>[n]</c>.</param>
    /// <param name="remaining">Blocks until pruning ends; 0 at the last chance.</param>
    /// <param name="target">How many patches are to be left in the end.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative, or more patches are wanted than there are.</exception>
    public static int Leaving(Tensor clsAttention, int remaining, int target)
    {
        ArgumentNullException.ThrowIfNull(clsAttention);
        ArgumentOutOfRangeException.ThrowIfNegative(remaining);
        int n = (int)clsAttention.shape[^1];
        if (target < 0 || target > n) throw new ArgumentOutOfRangeException(nameof(target), target, $"Of {n} patches, 0 to {n} can be left.");
        if (remaining == 0 || n == 1) return n - target;
        using var scope = NewDisposeScope();
        double evenness = AttentionEntropy.Of(clsAttention).item<double>() / Math.Log(n);
        return Rounding.HalfToEven.Apply((n - target) / Math.Sqrt(remaining) * (1 - evenness * evenness));
    }
}
