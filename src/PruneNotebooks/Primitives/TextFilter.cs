using PruneNotebooks.Runtime;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Primitives;

/// <summary>What the text makes of each visual token: as a whole, and the single text token that attends to it most.</summary>
/// <remarks><i>MustDrop</i>, arXiv 2411.10803: a token may leave only if it is weak in both respects. In float32, as in the authors' code.</remarks>
/// <param name="Global">Attention of the text, mean over heads, sum over text tokens, <c>[N]</c>.</param>
/// <param name="Individual">Attention of the text, mean over heads, largest over text tokens, <c>[N]</c>.</param>
public sealed record TextFilter(Tensor Global, Tensor Individual)
{
    /// <summary>Reads both off attention.</summary>
    /// <param name="attention">Attention of the text tokens to the N visual tokens, not renormalised, float <c>[H, T, N]</c>.</param>
    /// <exception cref="ArgumentException">Other dimensions, no text, or a token is not finite; the message names it.</exception>
    public static TextFilter Of(Tensor attention)
    {
        ArgumentNullException.ThrowIfNull(attention);
        if (attention.dim() != 3 || attention.shape[1] == 0) throw new ArgumentException($"Attention of text is [heads, text, tokens] with at least one text token; it is {attention.Shape()}.", nameof(attention));
        using var scope = NewDisposeScope();
        var mean = attention.mean([0], type: ScalarType.Float32);
        var sum = mean.sum([0]);
        FiniteTokens.Check(sum, 0, nameof(attention));
        return new(sum.MoveToOuterDisposeScope(), mean.amax([0]).MoveToOuterDisposeScope());
    }

    /// <summary>By what factor both thresholds could grow before the token may leave: below 1, and only there, it may leave at these thresholds.</summary>
    /// <param name="global">A token is weak for the text as a whole below this share of the attention to all visual tokens.</param>
    /// <param name="individual">A token is weak for every single text token below this attention.</param>
    /// <returns>The larger of both ratios, float32 <c>[N]</c>; infinite if a threshold is 0.</returns>
    public Tensor Level(double global, double individual)
    {
        using var scope = NewDisposeScope();
        return maximum(Ratio(Global, Global.sum().mul(global.ToCachedScalar())), Ratio(Individual, tensor((float)individual, device: Individual.device))).MoveToOuterDisposeScope();

        // A float32 quotient is below 1 exactly if the dividend is below the divisor. 0 is not below 0.
        static Tensor Ratio(Tensor value, Tensor threshold) => value.div(threshold).nan_to_num(double.PositiveInfinity, double.PositiveInfinity);
    }
}
