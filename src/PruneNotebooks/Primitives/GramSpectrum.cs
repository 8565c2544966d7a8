using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Primitives;

/// <summary>Which of the two Gram matrices of a matrix X <c>[R, C]</c> is diagonalised; their non-zero eigenvalues are the same.</summary>
public enum GramSide
{
    /// <summary>The smaller one: cubic in min(R, C).</summary>
    Smaller,

    /// <summary><c>X X^T</c>, <c>[R, R]</c>.</summary>
    Rows,

    /// <summary><c>X^T X</c>, <c>[C, C]</c>.</summary>
    Columns,
}

/// <summary>Eigenvalues of Gram matrices: the squared singular values of a matrix, from whichever side is smaller.</summary>
/// <remarks>
/// In float64 throughout, because a spectrum's small end decides entropies and ranks. For a matrix of R rows and C columns: R C min(R, C) for the products,
/// min(R, C)^3 for the eigenvalues; (C / R)^3 times less for these than from the larger side, as in EntropyPrune's dual Gram trick (arXiv 2602.17196).
/// </remarks>
public static class GramSpectrum
{
    /// <summary>The eigenvalues, not scaled and not clamped: rounding may leave tiny negative ones.</summary>
    /// <param name="matrices">Float <c>[..., R, C]</c>; not changed.</param>
    /// <param name="side">Which Gram matrix.</param>
    /// <returns>Float64, ascending: <c>[..., min(R, C)]</c>, or <c>[..., R]</c> or <c>[..., C]</c> for a given side.</returns>
    /// <exception cref="ArgumentException">Fewer than two dimensions, or a value that is not finite; the message names its place.</exception>
    public static Tensor Of(Tensor matrices, GramSide side = GramSide.Smaller)
    {
        ArgumentNullException.ThrowIfNull(matrices);
        if (matrices.dim() < 2) throw new ArgumentException($"A spectrum is that of a matrix [R, C] or of several; this is {matrices.Shape()}.", nameof(matrices));
        using var scope = NewDisposeScope();
        var x = matrices.to_type(ScalarType.Float64);
        var transposed = x.transpose(-2, -1);
        bool rows = side == GramSide.Rows || (side == GramSide.Smaller && x.shape[^2] <= x.shape[^1]);
        var gram = rows ? x.matmul(transposed) : transposed.matmul(x);
        // A sum of squares that is not finite has a value that is not: the diagonal tells, at no cost.
        if (!gram.diagonal(dim1: -2, dim2: -1).isfinite().all().item<bool>())
        {
            long[] place = x.isfinite().logical_not_().nonzero()[0].data<long>().ToArray();
            throw new ArgumentException($"The value at [{string.Join(", ", place)}] is not finite: it has no spectrum. Check the layer it comes from.", nameof(matrices));
        }
        return linalg.eigvalsh(gram).MoveToOuterDisposeScope();
    }
}
