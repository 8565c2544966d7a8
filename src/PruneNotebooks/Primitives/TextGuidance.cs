using PruneNotebooks.Runtime;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Primitives;

/// <summary>Which words matter in a layer, and what they look at: the text's attention to itself weighs its attention to the picture.</summary>
/// <remarks><i>AdaptInfer</i>, arXiv 2508.06084, as in the authors' code: raw sums, no softmax over the words, heads added after the product.</remarks>
public static class TextGuidance
{
    /// <summary>The importance of each text token: the attention that it gives to and receives from the text, itself counted once.</summary>
    /// <param name="attention">Attention among the T text tokens, float <c>[H, T, T]</c>, rows are queries; softmax over the whole sequence, so that rows sum to less than 1.</param>
    /// <param name="mixing">1: as measured; 0: all tokens alike, at the mean over heads and tokens; between, a mixture.</param>
    /// <returns>Float32 <c>[H, T]</c>.</returns>
    /// <exception cref="ArgumentException">Not that shape, or no text.</exception>
    public static Tensor Importance(Tensor attention, double mixing = 1)
    {
        ArgumentNullException.ThrowIfNull(attention);
        if (attention.dim() != 3 || attention.shape[1] != attention.shape[2] || attention.shape[1] == 0)
            throw new ArgumentException($"Attention among text tokens is [H, T, T] with at least one token; it is {attention.Shape()}.", nameof(attention));
        using var scope = NewDisposeScope();
        var floats = attention.to_type(ScalarType.Float32);
        var importance = floats.sum(1).add_(floats.sum(2)).sub_(floats.diagonal(0, 1, 2));
        if (mixing != 1) importance = importance.mul(mixing.ToCachedScalar()).add_(importance.mean().mul_((1 - mixing).ToCachedScalar()));
        return importance.MoveToOuterDisposeScope();
    }

    /// <summary>The attention that each visual token receives from the text, weighed by importance, summed over heads and text tokens.</summary>
    /// <param name="importance"><see cref="Importance"/>, float <c>[H, T]</c>.</param>
    /// <param name="attention">Attention of the text to the N visual tokens, float <c>[H, T, N]</c>.</param>
    /// <returns>Float32 <c>[N]</c>.</returns>
    /// <exception cref="ArgumentException">Shapes disagree, or a token's attention is not finite; the message names it.</exception>
    public static Tensor Scores(Tensor importance, Tensor attention)
    {
        ArgumentNullException.ThrowIfNull(importance);
        ArgumentNullException.ThrowIfNull(attention);
        if (importance.dim() != 2 || attention.dim() != 3 || attention.shape[0] != importance.shape[0] || attention.shape[1] != importance.shape[1])
            throw new ArgumentException($"Importance [H, T] and attention [H, T, N] are expected; they are {importance.Shape()} and {attention.Shape()}.", nameof(attention));
        FiniteTokens.Check(attention, 2, nameof(attention));
        using var scope = NewDisposeScope();
        return importance.to_type(ScalarType.Float32).reshape(1, -1).matmul(attention.to_type(ScalarType.Float32).reshape(-1, attention.shape[2])).squeeze(0).MoveToOuterDisposeScope();
    }
}
