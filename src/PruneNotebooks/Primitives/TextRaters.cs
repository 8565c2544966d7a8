using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Primitives;

/// <summary>The text tokens that may rate the picture: those to which it speaks more than to the mean.</summary>
/// <remarks><i>SparseVLM</i>, arXiv 2410.04417, ICML 2025, as in the authors' code: products are not divided by sqrt(D), so that large features make the softmax nearly one-hot.</remarks>
/// <param name="Tokens">Which of the text tokens, ascending.</param>
/// <param name="Scores">By text token: the share of the picture's attention that it gets, <c>[T]</c>; sums to 1.</param>
public sealed record TextRaters(long[] Tokens, float[] Scores)
{
    /// <summary>Softmax of <c>V X^T</c> over the text, mean over the visual tokens; raters are above its mean. If none is, all are: the authors' code yields NaN there. O(N T D).</summary>
    /// <param name="visual">V, the visual tokens, float <c>[N, D]</c>.</param>
    /// <param name="text">X, the text behind them, float <c>[T, D]</c>.</param>
    /// <exception cref="ArgumentException">Shapes disagree, there is no text, or a visual token is not finite; the message names it.</exception>
    public static TextRaters Of(Tensor visual, Tensor text)
    {
        ArgumentNullException.ThrowIfNull(visual);
        ArgumentNullException.ThrowIfNull(text);
        if (visual.dim() != 2 || text.dim() != 2 || visual.shape[1] != text.shape[1] || text.shape[0] == 0)
            throw new ArgumentException($"Visual tokens [N, D] and text tokens [T, D], at least one, are expected; they are {visual.Shape()} and {text.Shape()}.", nameof(text));
        FiniteTokens.Check(visual, 0, nameof(visual));
        using var scope = NewDisposeScope();
        var share = visual.to_type(ScalarType.Float32).matmul(text.to_type(ScalarType.Float32).t()).softmax(1).mean([0]);
        long[] above = share.gt(share.mean()).nonzero().flatten().cpu().data<long>().ToArray();
        return new(above.Length > 0 ? above : [.. Enumerable.Range(0, (int)text.shape[0]).Select(i => (long)i)], share.cpu().data<float>().ToArray());
    }

    /// <summary>The raters' rows of an attention map.</summary>
    /// <param name="attention">Attention of the text, float <c>[H, T, N]</c>.</param>
    /// <returns>Float32 <c>[H, raters, N]</c>.</returns>
    public Tensor Rows(Tensor attention)
    {
        ArgumentNullException.ThrowIfNull(attention);
        using var scope = NewDisposeScope();
        return attention.index_select(1, tensor(Tokens, ScalarType.Int64, attention.device)).to_type(ScalarType.Float32).MoveToOuterDisposeScope();
    }
}
