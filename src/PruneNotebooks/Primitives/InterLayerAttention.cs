using System.Globalization;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Primitives;

/// <summary>Whether the tokens that matter in a layer are looked at in the same way a few layers later: where they are, it is safe to drop the others.</summary>
/// <remarks><i>HiDrop</i>, arXiv 2602.23699, ICLR 2026 (ILVAS); averaged over a calibration set, its local maxima are the layers behind which tokens leave.</remarks>
public static class InterLayerAttention
{
    /// <summary>By layer l: the cosine, over heads, of a token's attention in layer l and in layer l + window, mean over the tokens of the highest mean attention in layer l. In float64.</summary>
    /// <param name="attention">Attention of the prompt's last token to the visual tokens, float <c>[L, H, N]</c>.</param>
    /// <param name="window">How many layers later.</param>
    /// <param name="top">How many tokens are looked at.</param>
    /// <returns><c>[L - window]</c>. A token that gets no attention at all is like no other: 0.</returns>
    /// <exception cref="ArgumentException">Not <c>[L, H, N]</c>, too few layers or tokens, or a token's attention is not finite; the message names it.</exception>
    public static double[] Similarity(Tensor attention, int window, int top)
    {
        ArgumentNullException.ThrowIfNull(attention);
        if (attention.dim() != 3) throw new ArgumentException($"Attention by layer is [L, H, N]; it is {attention.Shape()}.", nameof(attention));
        int layers = (int)attention.shape[0], tokens = (int)attention.shape[2];
        if (window < 1 || window >= layers) throw new ArgumentOutOfRangeException(nameof(window), window, string.Create(CultureInfo.InvariantCulture, $"Of {layers} layers, those 1 to {layers - 1} apart can be compared; it was {window}."));
        if (top < 1 || top > tokens) throw new ArgumentOutOfRangeException(nameof(top), top, string.Create(CultureInfo.InvariantCulture, $"Of {tokens} tokens, 1 to {tokens} can be looked at; it was {top}."));
        FiniteTokens.Check(attention, 2, nameof(attention));
        using var scope = NewDisposeScope();
        var all = attention.to_type(ScalarType.Float64);
        return [.. Enumerable.Range(0, layers - window).Select(layer =>
        {
            using var inner = NewDisposeScope();
            var leading = tensor(Ranking.ByAttention(attention[layer]).Top(top), ScalarType.Int64, attention.device);
            var (now, later) = (all[layer].index_select(1, leading), all[layer + window].index_select(1, leading));
            var cosine = now.mul(later).sum([0]).div_(linalg.vector_norm(now, dims: [0]).mul_(linalg.vector_norm(later, dims: [0])));
            return cosine.nan_to_num_(0).mean().item<double>();
        })];
    }

    /// <summary>Where a curve is higher than just before and not lower than just behind; never its ends.</summary>
    /// <param name="curve">By layer.</param>
    /// <returns>Indices, ascending.</returns>
    public static int[] LocalMaxima(IReadOnlyList<double> curve)
    {
        ArgumentNullException.ThrowIfNull(curve);
        return [.. Enumerable.Range(1, Math.Max(0, curve.Count - 2)).Where(l => curve[l] > curve[l - 1] && curve[l] >= curve[l + 1])];
    }
}
