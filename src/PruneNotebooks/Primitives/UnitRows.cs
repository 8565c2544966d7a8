using PruneNotebooks.Runtime;
using static TorchSharp.torch;

namespace PruneNotebooks.Primitives;

/// <summary>Rows divided by their norms, so that products of two are cosines.</summary>
static class UnitRows
{
    /// <summary>Unit rows; belong to the dispose scope of the caller.</summary>
    /// <param name="rows">Float <c>[N, D]</c>; a row of zeros stays one.</param>
    /// <param name="smallest">What a norm is at least.</param>
    public static Tensor Of(Tensor rows, double smallest = 1e-12) => rows.div(Norms(rows, smallest));

    /// <summary>Norms, <c>[N, 1]</c>, in the type of the rows.</summary>
    /// <inheritdoc cref="Of"/>
    public static Tensor Norms(Tensor rows, double smallest = 1e-12) => linalg.vector_norm(rows, dims: [1], keepdim: true).clamp_min_(smallest.ToCachedScalar());
}
