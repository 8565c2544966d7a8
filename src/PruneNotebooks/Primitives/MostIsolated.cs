using PruneNotebooks.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace PruneNotebooks.Primitives;

/// <summary>The token that is farthest from its nearest neighbour.</summary>
/// <remarks>
/// All pairs would be N^2 D. But a token that has a neighbour nearer than some other token's nearest is out of the race, and most tokens meet
/// such a neighbour soon: columns come in batches that are spread over the image, and only the tokens that can still win see the next batch.
/// N^2 D / log N for unrelated tokens, about N D for tokens of a picture. Memory: see <see cref="CosineRows"/>.
/// </remarks>
internal static class MostIsolated
{
    const int Probes = 16, Finalists = 64, BatchSize = 512;

    /// <summary>argmax over i of the cosine distance to the nearest other token; the lowest index if several are equal.</summary>
    public static long Find(CosineRows rows)
    {
        int count = rows.Count;
        if (count == 1) return 0;
        using var scope = NewDisposeScope();
        var device = rows.Device;
        // The more similar the nearest, the less isolated: we look for the smallest of these maxima.
        var nearest = full(count, double.NegativeInfinity.ToCachedScalar(), ScalarType.Float32, device);
        var racing = Indices.UpTo(count, device);
        float toBeat = float.PositiveInfinity;
        int left = count;
        foreach (long[] batch in Batches(count))
        {
            using var inner = NewDisposeScope();
            int running = (int)racing.shape[0];
            var met = rows.MostSimilar(running == count ? null : racing, tensor(batch, ScalarType.Int64, device)).Similarity;
            var known = maximum(nearest.index_select(0, racing), met);
            nearest.index_copy_(0, racing, known);
            left -= batch.Length;
            if (left == 0)
            {
                toBeat = known.min().item<float>();
            }
            // To look at some tokens in full must be worth more than it costs.
            else if ((long)running * left > 2L * Probes * count)
            {
                var promising = racing.index_select(0, known.topk(Math.Min(Probes, running), largest: false).indexes);
                toBeat = Math.Min(toBeat, rows.Nearest(promising).Similarity.min().item<float>());
            }
            using var beaten = (toBeat + 2 * CosineRows.Error).ToScalar();
            racing = racing.masked_select(known.le(beaten)).MoveToOtherDisposeScope(scope);
        }
        // Whoever is left has met all.
        float[] similarity = nearest.index_select(0, racing).cpu().data<float>().ToArray();
        var finalists = racing.index_select(0, tensor(CosineRows.Lowest(similarity, Finalists).Rows, ScalarType.Int64, device));
        if (finalists.shape[0] == 1) return finalists.item<long>();
        var (exact, neighbour) = rows.Nearest(finalists);
        long[] tokens = finalists.cpu().data<long>().ToArray();
        return tokens[rows.Decide(tokens, exact.cpu().data<float>().ToArray(), neighbour.cpu().data<long>().ToArray())];
    }

    // 1/16, 1/16, 1/8, 1/4 and 1/2 of the tokens, each spread evenly: every 16th from 0, from 8, from 4 and 12, ... Large ones in parts, for memory.
    static IEnumerable<long[]> Batches(int count)
    {
        int[][] phases = [[0], [8], [4, 12], [2, 6, 10, 14], [1, 3, 5, 7, 9, 11, 13, 15]];
        return phases.SelectMany(phase => Enumerable.Range(0, count).Where(i => phase.Contains(i % 16)).Select(i => (long)i).Chunk(BatchSize));
    }
}
