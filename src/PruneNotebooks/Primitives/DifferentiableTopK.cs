using System.Globalization;
using PruneNotebooks.Runtime;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Primitives;

/// <summary>A top-k that can be trained: hard in the forward pass, a sigmoid of the tokens' ranks in the backward pass.</summary>
/// <remarks>
/// <i>HiDrop</i>, arXiv 2602.23699, ICLR 2026 (DTop-K). The ratio learns through the sigmoid. A rank has no gradient to its score; here scores receive the one that ranks would get, so that importance can learn too.
/// In training, tokens are masked and the sequence keeps its length; afterwards they are dropped.
/// </remarks>
public static class DifferentiableTopK
{
    /// <summary>The share of tokens whose score is not higher, 1 / N to 1; equal scores share a rank. O(N log N).</summary>
    /// <param name="scores">Float <c>[N]</c>.</param>
    /// <returns>Float32 <c>[N]</c>, without gradient.</returns>
    /// <exception cref="ArgumentException">Not <c>[N]</c>, or a score is not finite; the message names the token.</exception>
    public static Tensor Rank(Tensor scores)
    {
        ArgumentNullException.ThrowIfNull(scores);
        if (scores.dim() != 1 || scores.shape[0] == 0) throw new ArgumentException($"There is one score per token, [N]; the scores are {scores.Shape()}.", nameof(scores));
        FiniteTokens.Check(scores, 0, nameof(scores));
        using var quiet = no_grad();
        using var scope = NewDisposeScope();
        var values = scores.detach().contiguous();
        return searchsorted(values.sort().Values, values, right: true).to_type(ScalarType.Float64).div_(((double)values.shape[0]).ToCachedScalar()).to_type(ScalarType.Float32).MoveToOuterDisposeScope();
    }

    /// <summary><c>sigmoid(sharpness * (rank - ratio))</c>.</summary>
    /// <param name="scores">Float <c>[N]</c>.</param>
    /// <param name="ratio">The share of tokens that leaves, a scalar tensor; may require a gradient. See <see cref="RatioFor"/>.</param>
    /// <param name="sharpness">Lambda; N, as in the paper, if not given.</param>
    /// <returns>Float32 <c>[N]</c>.</returns>
    /// <inheritdoc cref="Rank"/>
    public static Tensor SoftMask(Tensor scores, Tensor ratio, double? sharpness = null)
    {
        ArgumentNullException.ThrowIfNull(ratio);
        using var scope = NewDisposeScope();
        var rank = Rank(scores);
        if (scores.requires_grad) rank = rank.add(scores.sub(scores.detach()));
        return rank.sub(ratio).mul((sharpness ?? scores.shape[0]).ToCachedScalar()).sigmoid().MoveToOuterDisposeScope();
    }

    /// <summary>1 for tokens that stay, those whose <see cref="SoftMask"/> is above 0.5, and 0 for the others; with the gradient of the soft mask.</summary>
    /// <inheritdoc cref="SoftMask"/>
    public static Tensor Mask(Tensor scores, Tensor ratio, double? sharpness = null)
    {
        using var scope = NewDisposeScope();
        var soft = SoftMask(scores, ratio, sharpness);
        // The bracket is 0 to the bit, so that the value is hard.
        return soft.gt(0.5.ToCachedScalar()).to_type(ScalarType.Float32).add(soft.sub(soft.detach())).MoveToOuterDisposeScope();
    }

    /// <summary>The ratio at which exactly so many tokens stay, if their scores differ: <c>1 - k / N + 0.5 / N</c>.</summary>
    /// <param name="keep">k, 0 to N.</param>
    /// <param name="tokens">N.</param>
    public static double RatioFor(int keep, int tokens) => keep >= 0 && keep <= tokens && tokens > 0
        ? 1 - (double)keep / tokens + 0.5 / tokens
        : throw new ArgumentOutOfRangeException(nameof(keep), keep, string.Create(CultureInfo.InvariantCulture, $"Of {tokens} tokens, 0 to {tokens} can stay; it was {keep}."));
}
