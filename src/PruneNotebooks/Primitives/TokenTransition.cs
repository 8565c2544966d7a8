using PruneNotebooks.Runtime;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Primitives;

/// <summary>How strongly a module of a decoder layer changes each token: by how much it grows, and how far it turns.</summary>
/// <remarks>
/// <i>TransPrune: Token Transition Pruning</i>, arXiv 2507.20630, CVPR 2026 (TTV): <c>|out| / |in| * softmax(1 - cos(in, out))</c>, the softmax over all tokens of the sequence, text included, as in the
/// authors' code (the paper takes it over visual tokens). The transition of a layer is that of its attention plus that of its feed-forward part. Works beside fused attention.
/// </remarks>
public static class TokenTransition
{
    const double Epsilon = 1e-8;

    /// <summary>The transition of each token in one module.</summary>
    /// <param name="input">What enters the module, after its norm, float <c>[T, D]</c>: all tokens of one sequence.</param>
    /// <param name="output">What leaves it, before it is added to the residual stream, float <c>[T, D]</c>.</param>
    /// <param name="ignoreSign">Whether a turn to the opposite counts as none: <c>softmax(1 - |cos|)</c>, as the paper's text has it.</param>
    /// <returns>Float32 <c>[T]</c>.</returns>
    /// <exception cref="ArgumentException">Shapes disagree, or a token is not finite; the message names it.</exception>
    public static Tensor Of(Tensor input, Tensor output, bool ignoreSign = false)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(output);
        if (input.dim() != 2 || !input.shape.SequenceEqual(output.shape)) throw new ArgumentException($"Input and output are [T, D]; they are {input.Shape()} and {output.Shape()}.", nameof(output));
        using var scope = NewDisposeScope();
        var (x, y) = (input.to_type(ScalarType.Float32), output.to_type(ScalarType.Float32));
        var (before, after) = (linalg.vector_norm(x, dims: [1]), linalg.vector_norm(y, dims: [1]));
        // A norm is finite if all of its values are.
        FiniteTokens.Check(before, 0, nameof(input));
        FiniteTokens.Check(after, 0, nameof(output));
        var epsilon = Epsilon.ToCachedScalar();
        var cosine = x.mul(y).sum(1).div_(before.mul(after).clamp_min_(epsilon));
        if (ignoreSign) cosine = cosine.abs_();
        return after.div_(before.clamp_min_(epsilon)).mul_(cosine.neg_().softmax(0)).MoveToOuterDisposeScope();
    }
}
