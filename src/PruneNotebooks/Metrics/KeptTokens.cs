using PruneNotebooks.Runtime;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Metrics;

/// <summary>What a set of kept tokens is like: how alike its tokens are, what they stand for, how they lie on the picture. The numbers that papers compare selections by.</summary>
/// <remarks>O(K N D) in float64.</remarks>
public static class KeptTokens
{
    /// <summary>Mean cosine similarity of two different kept tokens; 0 for fewer than two.</summary>
    /// <param name="features">All tokens, float <c>[N, D]</c>.</param>
    /// <param name="kept">Indices of the kept ones.</param>
    public static double MeanCosine(Tensor features, IReadOnlyList<long> kept)
    {
        using var scope = NewDisposeScope();
        var unit = Unit(features, kept);
        long count = kept.Count;
        // The sum over all pairs is the square of the sum's length; each token meets itself once.
        return count < 2 ? 0 : (unit.sum([0L]).square().sum().item<double>() - unit.square().sum().item<double>()) / (count * (count - 1));
    }

    /// <summary>Mean over all tokens of the cosine similarity to the most similar kept one: what facility location maximises, and 1 if every token is kept.</summary>
    /// <inheritdoc cref="MeanCosine"/>
    public static double Coverage(Tensor features, IReadOnlyList<long> kept) => Similarity(features, kept, similarity => similarity.clamp_min(0.0.ToCachedScalar()).mean());

    /// <summary>Share of all tokens that have a kept token within a cosine similarity (theta-coverage; SCOPE, arXiv 2510.24214).</summary>
    /// <param name="features">All tokens, float <c>[N, D]</c>.</param>
    /// <param name="kept">Indices of the kept ones.</param>
    /// <param name="theta">The similarity.</param>
    public static double CoveredShare(Tensor features, IReadOnlyList<long> kept, double theta) =>
        Similarity(features, kept, similarity => similarity.ge(theta.ToCachedScalar()).to_type(ScalarType.Float64).mean());

    /// <summary>Hopkins statistic of the kept tokens: near 1 if they lie in clusters, 0.5 if like all tokens, near 0 if they are spread out (IDPruner, arXiv 2602.13315).</summary>
    /// <remarks>
    /// <c>R / (R + S)</c>: S sums the cosine distances of the kept tokens to the nearest other kept one, R those of as many tokens of the picture to the nearest kept one. The paper draws the latter
    /// by lot; here they are all tokens, scaled to that number: what the lot gives on average.
    /// </remarks>
    /// <param name="features">All tokens, float <c>[N, D]</c>.</param>
    /// <param name="kept">Indices of the kept ones, two or more.</param>
    /// <exception cref="ArgumentException">Fewer than two tokens are kept.</exception>
    public static double Hopkins(Tensor features, IReadOnlyList<long> kept)
    {
        ArgumentNullException.ThrowIfNull(kept);
        if (kept.Count < 2) throw new ArgumentException($"The nearest other kept token needs two or more; {kept.Count} is kept.", nameof(kept));
        using var scope = NewDisposeScope();
        var (all, unit) = (Unit(features, null), Unit(features, kept));
        double Distances(Tensor similarity) => similarity.max(1).values.neg().add(1.ToCachedScalar()).clamp_min(0.0.ToCachedScalar()).sum().item<double>();
        var pairs = unit.matmul(unit.t());
        pairs.diagonal().fill_((-1.0).ToCachedScalar());
        double apart = Distances(pairs), away = Distances(all.matmul(unit.t())) * kept.Count / all.shape[0];
        return apart + away > 0 ? away / (apart + away) : 0.5;
    }

    /// <summary>Logarithm of the determinant of the kept tokens' kernel <c>q_i cos(x_i, x_j) q_j</c>: what a determinantal choice makes large (CDPruner, arXiv 2506.10967); minus infinity if they depend on each other.</summary>
    /// <param name="features">All tokens, float <c>[N, D]</c>.</param>
    /// <param name="quality">The quality q of each of them, above 0.</param>
    /// <param name="kept">Indices of the kept ones.</param>
    public static double LogDeterminant(Tensor features, IReadOnlyList<double> quality, IReadOnlyList<long> kept)
    {
        ArgumentNullException.ThrowIfNull(quality);
        ArgumentNullException.ThrowIfNull(kept);
        using var scope = NewDisposeScope();
        var unit = Unit(features, kept);
        var (sign, logarithm) = linalg.slogdet(unit.matmul(unit.t()));
        return sign.item<double>() > 0 ? logarithm.item<double>() + 2 * kept.Sum(token => Math.Log(quality[(int)token])) : double.NegativeInfinity;
    }

    /// <summary>Share of the sum of all scores that the kept tokens hold (importance retention; IDPruner, arXiv 2602.13315).</summary>
    /// <param name="scores">Scores of all tokens, not negative.</param>
    /// <param name="kept">Indices of the kept ones.</param>
    public static double ShareOf(IReadOnlyList<float> scores, IReadOnlyList<long> kept)
    {
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentNullException.ThrowIfNull(kept);
        return kept.Sum(token => (double)scores[(int)token]) / scores.Sum(score => (double)score);
    }

    /// <summary>Share of the cells of a coarser grid in which at least one token is kept.</summary>
    /// <param name="grid">The token grid.</param>
    /// <param name="kept">Indices of the kept tokens.</param>
    /// <param name="rows">Rows of the coarser grid, at most those of the token grid; all of them for the share of rows that is hit, with one column.</param>
    /// <param name="columns">Columns of it.</param>
    public static double CellsHit(TokenGrid grid, IReadOnlyList<long> kept, int rows = 3, int columns = 3)
    {
        ArgumentNullException.ThrowIfNull(kept);
        if (rows < 1 || rows > grid.Height || columns < 1 || columns > grid.Width) throw new ArgumentException($"{rows} x {columns} cells do not fit a grid of {grid}.", nameof(rows));
        return (double)kept.Select(token => (grid.Row(token) * rows / grid.Height, grid.Column(token) * columns / grid.Width)).Distinct().Count() / (rows * columns);
    }

    /// <summary>Mean row of the kept tokens, 0 for the uppermost and 1 for the lowest: above 0.5 for a method that prefers the end of the sequence.</summary>
    /// <param name="grid">The token grid.</param>
    /// <param name="kept">Indices of the kept tokens.</param>
    public static double MeanRow(TokenGrid grid, IReadOnlyList<long> kept) => grid.Height == 1 ? 0.5 : kept.Average(token => (double)grid.Row(token) / (grid.Height - 1));

    /// <summary>Shared tokens of two sets over all tokens of both: 1 for equal sets.</summary>
    public static double Jaccard(IReadOnlyCollection<long> first, IReadOnlyCollection<long> second) => (double)first.Intersect(second).Count() / Math.Max(1, first.Union(second).Count());

    static double Similarity(Tensor features, IReadOnlyList<long> kept, Func<Tensor, Tensor> summary)
    {
        using var scope = NewDisposeScope();
        return kept.Count == 0 ? 0 : summary(Unit(features, null).matmul(Unit(features, kept).t()).max(1).values).to(ScalarType.Float64).item<double>();
    }

    static Tensor Unit(Tensor features, IReadOnlyList<long>? kept)
    {
        ArgumentNullException.ThrowIfNull(features);
        var rows = (kept is null ? features : features.index_select(0, tensor([.. kept], ScalarType.Int64, features.device))).to_type(ScalarType.Float64);
        return nn.functional.normalize(rows, dim: 1);
    }
}
