using System.Globalization;
using PruneNotebooks.Runtime;
using PruneNotebooks.Tokens;
using TorchSharp;
using static TorchSharp.torch;

namespace PruneNotebooks.Primitives;

/// <summary>Clusters around tokens that lie densely and far from denser ones (density peaks with k nearest neighbours, DPC-KNN).</summary>
/// <remarks>
/// Distances are Euclidean, divided by sqrt(D), by direct differences in float32. Density is <c>exp(-mean of the squares of the k smallest)</c>, the token's own 0 among them. Of equally dense tokens the earlier one
/// counts as denser; published code breaks such ties by noise, and they are common: mutual nearest neighbours tie at k = 2, all tokens at k = 1. Cost: O(M^2 D); memory in blocks.
/// </remarks>
/// <param name="Centres">The centre of each cluster, by descending score.</param>
/// <param name="Assignment">By token: the number of its cluster in that order, <c>[M]</c>.</param>
/// <param name="Density">By token, <c>[M]</c>.</param>
/// <param name="Scores">By token: density times distance to the nearest denser token, <c>[M]</c>; the densest has the largest distance of all.</param>
public sealed record DensityPeaks(long[] Centres, long[] Assignment, float[] Density, float[] Scores)
{
    const long BlockBytes = 32L << 20;

    static readonly Scalar Infinity = double.PositiveInfinity.ToCachedScalar();

    /// <summary>Clusters tokens.</summary>
    /// <param name="features">Float <c>[M, D]</c>.</param>
    /// <param name="clusters">How many clusters, 1 to M.</param>
    /// <param name="neighbours">k; as many as clusters if not given.</param>
    /// <exception cref="ArgumentException">Not <c>[M, D]</c>, more clusters than tokens, or a token that is not finite; the message names it.</exception>
    public static DensityPeaks Of(Tensor features, int clusters, int? neighbours = null)
    {
        ArgumentNullException.ThrowIfNull(features);
        if (features.dim() != 2) throw new ArgumentException($"Features are [M, D]; they are {features.Shape()}.", nameof(features));
        int count = (int)features.shape[0];
        if (clusters < 1 || clusters > count) throw new ArgumentOutOfRangeException(nameof(clusters), clusters, string.Create(CultureInfo.InvariantCulture, $"{count} tokens make 1 to {count} clusters; it was {clusters}."));
        int nearest = Math.Min(neighbours ?? clusters, count);
        if (nearest < 1) throw new ArgumentOutOfRangeException(nameof(neighbours), neighbours, $"Density is measured by one neighbour or more, the token itself included; it was {neighbours}.");
        FiniteTokens.Check(features, 0, nameof(features));
        using var scope = NewDisposeScope();
        var rows = features.to_type(ScalarType.Float32);
        using var distances = new BlockedDistances(rows, BlockBytes);

        var (density, largest) = (empty(count, ScalarType.Float32, rows.device), 0f);
        distances.ForEach((start, block) =>
        {
            density.narrow(0, start, block.shape[0]).copy_(block.topk(nearest, largest: false).values.square().mean([1]).neg_().exp_());
            largest = Math.Max(largest, block.max().item<float>());
        });

        var order = Ranking.Of(density).Order;
        long[] rank = new long[count];
        for (int i = 0; i < count; i++) rank[order[i]] = i;
        var ranks = tensor(rank, ScalarType.Int64, rows.device);
        var toDenser = empty(count, ScalarType.Float32, rows.device);
        distances.ForEach((start, block) =>
        {
            var notDenser = ranks.unsqueeze(0).ge(ranks.narrow(0, start, block.shape[0]).unsqueeze(1));
            toDenser.narrow(0, start, block.shape[0]).copy_(block.masked_fill(notDenser, Infinity).amin([1]));
        });
        toDenser.narrow(0, order[0], 1).copy_(tensor(largest, device: rows.device));

        var score = density.mul(toDenser);
        long[] centres = Ranking.Of(score).Top(clusters);
        return new(centres, Assign(distances.To(centres), centres), density.cpu().data<float>().ToArray(), score.cpu().data<float>().ToArray());
    }

    /// <summary>The mean of each cluster, <c>[C, D]</c>, in the order of <see cref="Centres"/> and the type of the features.</summary>
    /// <param name="features">The tokens that were clustered, <c>[M, D]</c>.</param>
    public Tensor Means(Tensor features)
    {
        ArgumentNullException.ThrowIfNull(features);
        using var scope = NewDisposeScope();
        var cluster = tensor(Assignment, ScalarType.Int64, features.device);
        var sums = zeros([Centres.Length, features.shape[1]], ScalarType.Float32, features.device).index_add_(0, cluster, features.to_type(ScalarType.Float32), 1.ToCachedScalar());
        return sums.div_(cluster.bincount(null, Centres.Length).unsqueeze(1)).to_type(features.dtype).MoveToOuterDisposeScope();
    }

    // Each token to the nearest centre, the first of equally near ones; a centre to itself.
    static long[] Assign(float[,] distances, long[] centres)
    {
        long[] cluster = new long[distances.GetLength(0)];
        for (int i = 0; i < cluster.Length; i++)
            for (int c = 1; c < centres.Length; c++)
                if (distances[i, c] < distances[i, cluster[i]]) cluster[i] = c;
        for (int c = 0; c < centres.Length; c++) cluster[centres[c]] = c;
        return cluster;
    }
}
