using PruneNotebooks.Runtime;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Primitives;

/// <summary>Matrix entropy, <c>-sum(v ln v)</c> over the eigenvalues v of a Gram matrix (von Neumann's form): how much there is to tell.</summary>
/// <remarks>
/// <para><i>EntropyPrune: Matrix Entropy Guided Visual Token Pruning for MLLMs</i>, arXiv 2602.17196. Two different measures carry the name:</para>
/// <para><see cref="OfTokens"/> is a score of single tokens. Its eigenvalues are not scaled to a sum of 1, so it may exceed 1 or be far below 0, and tokens of high energy score low.</para>
/// <para><see cref="OfLayer"/> describes all tokens of a layer. It is between 0 and 1.</para>
/// </remarks>
public static class MatrixEntropy
{
    const double Smallest = 1e-12;

    /// <summary>The entropy of each token, from how its heads differ: <c>Z</c> is the token's <c>[H, d]</c> matrix without its mean over heads, v the eigenvalues of <c>Z Z^T / H</c>, divided by ln H.</summary>
    /// <param name="heads">Queries (after rotary embedding), keys, values or hidden states by head, float <c>[H, N, d]</c>, H of 2 or more, finite.</param>
    /// <param name="groupedSize">Neighbouring dimensions are averaged until this many are left, as the authors' code does for heads wider than 128; divides d. <see langword="null"/>: none are.</param>
    /// <param name="epsilon">Eigenvalues below are raised to this.</param>
    /// <param name="side">Which Gram matrix; the smaller one is faster and gives the same.</param>
    /// <returns>Float64 <c>[N]</c>.</returns>
    /// <exception cref="ArgumentException">Other dimensions, a single head, not finite, or a size that does not divide d.</exception>
    public static Tensor OfTokens(Tensor heads, int? groupedSize = null, double epsilon = 1e-10, GramSide side = GramSide.Smaller)
    {
        using var scope = NewDisposeScope();
        var values = Spectra(heads, groupedSize, side).clamp(epsilon.ToCachedScalar());
        return Entropy(values).div_(Math.Log(heads.shape[0]).ToCachedScalar()).MoveToOuterDisposeScope();
    }

    /// <summary>The eigenvalues that <see cref="OfTokens"/> is computed from, of <c>Z Z^T / H</c> or <c>Z^T Z / H</c>: float64 <c>[N, H]</c> or <c>[N, d]</c>, ascending, not clamped.</summary>
    /// <inheritdoc cref="OfTokens"/>
    public static Tensor Spectra(Tensor heads, int? groupedSize = null, GramSide side = GramSide.Smaller)
    {
        ArgumentNullException.ThrowIfNull(heads);
        if (heads.dim() != 3 || heads.shape[0] < 2) throw new ArgumentException($"Tokens by head are [H, N, d] with two heads or more; they are {heads.Shape()}.", nameof(heads));
        FiniteTokens.Check(heads, 1, nameof(heads));
        long size = heads.shape[2];
        if (groupedSize is { } grouped && (grouped < 1 || size % grouped != 0))
            throw new ArgumentException($"{size} dimensions cannot be averaged down to {grouped}: a divisor of {size} is expected.", nameof(groupedSize));
        using var scope = NewDisposeScope();
        var z = heads.to_type(ScalarType.Float64);
        if (groupedSize is { } fewer && fewer != size) z = z.reshape(z.shape[0], z.shape[1], fewer, size / fewer).mean([3]);
        z = z.sub(z.mean([0], keepdim: true)).transpose(0, 1);
        return GramSpectrum.Of(z, side).div_(((double)heads.shape[0]).ToCachedScalar()).MoveToOuterDisposeScope();
    }

    /// <summary>The entropy of all tokens of a layer: 0 if they are all alike or all on one line, 1 if they fill all D dimensions evenly.</summary>
    /// <remarks>
    /// Tokens are centred, scaled to length 1 (a zero row stays zero), <c>S = X^T X / N</c> is divided by its trace, and the entropy of its eigenvalues by ln D
    /// (the published recipe, arXiv 2401.17139). From the smaller Gram matrix: N D min(N, D) + min(N, D)^3.
    /// </remarks>
    /// <param name="hidden">Hidden states of the tokens, float <c>[N, D]</c>, D of 2 or more, finite.</param>
    /// <exception cref="ArgumentException">Other dimensions, or not finite.</exception>
    public static double OfLayer(Tensor hidden)
    {
        ArgumentNullException.ThrowIfNull(hidden);
        if (hidden.dim() != 2 || hidden.shape[0] < 1 || hidden.shape[1] < 2) throw new ArgumentException($"Hidden states are [N, D] with D of 2 or more; they are {hidden.Shape()}.", nameof(hidden));
        FiniteTokens.Check(hidden, 0, nameof(hidden));
        using var scope = NewDisposeScope();
        var x = hidden.to_type(ScalarType.Float64);
        x = x.sub(x.mean([0], keepdim: true));
        var norms = linalg.vector_norm(x, dims: [1], keepdim: true);
        x.div_(norms.masked_fill_(norms.eq(0.ToCachedScalar()), 1.ToCachedScalar()));
        var values = GramSpectrum.Of(x);
        var trace = values.sum();
        if (!(trace.item<double>() > 0)) return 0;
        values = values.div_(trace);
        return Entropy(values.masked_select(values.gt(Smallest.ToCachedScalar()))).item<double>() / Math.Log(hidden.shape[1]);
    }

    static Tensor Entropy(Tensor values) => values.xlogy(values).sum(-1).neg_();
}
