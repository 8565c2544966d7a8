using PruneNotebooks.Runtime;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Primitives;

/// <summary>How many tokens a prompt needs by the numerical rank of its attention: <c>rank * scale + bias</c>.</summary>
/// <remarks>
/// <i>SparseVLM</i>, arXiv 2410.04417, as first released: 13.5 and 0 for its "192 tokens", 9 and 6 for 128, 0.8 and 0 for 64. Attention mostly has full rank, so that the number grows with the length of the question.
/// </remarks>
/// <param name="Scale">Tokens for each dimension.</param>
/// <param name="Bias">Tokens in any case.</param>
public sealed record RankLevel(double Scale, double Bias = 0)
{
    const double FloatEpsilon = 1.1920929e-7;

    /// <summary>The numerical rank: singular values above <c>largest * max(R, N) * 2^-23</c>.</summary>
    /// <param name="attention">Attention of R rows to N tokens, mean over heads, float <c>[R, N]</c>.</param>
    /// <exception cref="ArgumentException">Not two-dimensional, or a token is not finite; the message names it.</exception>
    public static int Rank(Tensor attention)
    {
        ArgumentNullException.ThrowIfNull(attention);
        if (attention.dim() != 2) throw new ArgumentException($"Attention is [R, N], mean over heads; it is {attention.Shape()}.", nameof(attention));
        FiniteTokens.Check(attention, 1, nameof(attention));
        using var scope = NewDisposeScope();
        var values = linalg.svdvals(attention.to_type(ScalarType.Float64));
        return (int)values.gt(values.max().mul_((attention.shape.Max() * FloatEpsilon).ToCachedScalar())).sum().item<long>();
    }

    /// <summary>How many tokens stay: all if the rank is their number, else at least one less.</summary>
    /// <param name="rank">The rank.</param>
    /// <param name="tokens">How many arrive.</param>
    public int Left(int rank, int tokens) => rank == tokens ? tokens : Math.Clamp(Rounding.Down.Apply(rank * Scale + Bias), 0, tokens - 1);
}
