using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Metrics;

/// <summary>How alike two layers represent the same tokens: linear centred kernel alignment, 0 to 1, blind to rotation, shift and scale.</summary>
/// <remarks>
/// Kornblith et al. 2019, <i>Similarity of Neural Network Representations Revisited</i>, arXiv 1905.00414: <c>|Y^T X|^2 / (|X^T X| |Y^T Y|)</c>. In the form of features (D x D)
/// where there are more tokens than dimensions, else in the form of Gram matrices (N x N), which gives the same. In float64.
/// With fewer tokens than dimensions also unrelated layers look alike; compare with shuffled tokens.
/// </remarks>
public static class LinearCka
{
    /// <summary>The alignment of two layers.</summary>
    /// <param name="first">Float <c>[N, D1]</c>, finite.</param>
    /// <param name="second">The same tokens, float <c>[N, D2]</c>.</param>
    /// <returns>Not a number if all tokens of a layer are alike.</returns>
    /// <exception cref="ArgumentException">Other dimensions, or not the same number of tokens.</exception>
    public static double Of(Tensor first, Tensor second) => Matrix([first, second])[0, 1];

    /// <summary>The alignment of every layer with every other.</summary>
    /// <param name="layers">The same tokens in each layer, float <c>[N, D]</c>, finite.</param>
    /// <returns><c>[L, L]</c>, symmetric, ones on the diagonal.</returns>
    /// <inheritdoc cref="Of"/>
    public static double[,] Matrix(IReadOnlyList<Tensor> layers)
    {
        ArgumentNullException.ThrowIfNull(layers);
        for (int i = 0; i < layers.Count; i++)
            if (layers[i].dim() != 2 || layers[i].shape[0] != layers[0].shape[0] || layers[i].NumberOfElements == 0)
                throw new ArgumentException($"Layers are [N, D] with the same N; layer {i} is {layers[i].Shape()}, layer 0 is {layers[0].Shape()}.", nameof(layers));
        using var scope = NewDisposeScope();
        bool features = layers.All(layer => layer.shape[1] < layer.shape[0]);
        Tensor[] all = [.. layers.Select(layer => Prepared(layer, features))];
        double[,] squares = new double[all.Length, all.Length];
        for (int i = 0; i < all.Length; i++)
            for (int j = i; j < all.Length; j++)
                squares[i, j] = Product(all[i], all[j], features);
        double[,] alignment = new double[all.Length, all.Length];
        for (int i = 0; i < all.Length; i++)
            for (int j = i; j < all.Length; j++)
                alignment[i, j] = alignment[j, i] = squares[i, j] / Math.Sqrt(squares[i, i] * squares[j, j]);
        return alignment;
    }

    // Centred features, or their Gram matrix: never larger than twice what the caller holds.
    static Tensor Prepared(Tensor layer, bool features)
    {
        using var scope = NewDisposeScope();
        var x = layer.to_type(ScalarType.Float64);
        x = x.sub(x.mean([0], keepdim: true));
        return (features ? x : x.matmul(x.t())).MoveToOuterDisposeScope();
    }

    // |Y^T X|^2 = <X X^T, Y Y^T>
    static double Product(Tensor x, Tensor y, bool features)
    {
        using var scope = NewDisposeScope();
        return (features ? y.t().matmul(x).square().sum() : x.mul(y).sum()).item<double>();
    }
}
