using static TorchSharp.torch;

namespace PruneNotebooks.Primitives;

/// <summary>What greedy max-min diversity chose.</summary>
/// <param name="Order">The chosen tokens, in the order in which they were chosen.</param>
/// <param name="Distances">
/// For each of the N tokens its cosine distance to the nearest of the tokens chosen before it; the first, which has none before it, gets the largest.
/// Chosen tokens never have less than others: a score.
/// </param>
public sealed record Diversity(long[] Order, float[] Distances);

/// <summary>Greedy max-min diversity (farthest-point rule) on cosine distance: a 2-approximation of the max-min diversity problem.</summary>
/// <remarks>
/// Distances to the chosen set only shrink. So the tokens that were farthest at some moment can be compared among each other, as long as the best
/// of them stays farther than all others were: choices are made inside a small pool, and a new pool is drawn when it runs dry. All N tokens
/// meet the chosen ones in batches, as matrix products, instead of one by one, with two transfers per pool.
/// O(N K D) at most, plus the first token (<see cref="MostIsolated"/>); memory O(N + K) and the blocks of <see cref="CosineRows"/>.
/// </remarks>
public static class MaxMinDiversity
{
    const int PoolSize = 64;

    // Tokens this similar to a chosen one are copies of it, as far as float32 can tell: any of them may follow.
    const float Copy = 1 - 2 * CosineRows.Error;

    /// <summary>Chooses <paramref name="count"/> tokens, each as far as possible from those chosen before it; equal distances: the lowest index.</summary>
    /// <param name="features">Tokens, float <c>[N, D]</c>; finite, none of them zero.</param>
    /// <param name="count">How many, between 0 and N.</param>
    /// <param name="first">The token to begin with; <see langword="null"/> for the one that is farthest from its nearest neighbour.</param>
    /// <exception cref="ArgumentException">A token is not finite or all zeros.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> or <paramref name="first"/> is outside of 0 to N.</exception>
    public static Diversity Choose(Tensor features, int count, long? first = null)
    {
        using var scope = NewDisposeScope();
        using var rows = new CosineRows(features);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, rows.Count);
        if (first is < 0 || first >= rows.Count)
            throw new ArgumentOutOfRangeException(nameof(first), first, $"There are tokens 0 to {rows.Count - 1} to begin with.");
        if (count == 0) return new Diversity([], new float[rows.Count]);
        var search = new Search(rows, count);
        search.Add(first ?? MostIsolated.Find(rows), 0);
        while (search.Order.Count < count) search.ChooseFromPool();
        return search.End();
    }

    /// <summary>What the max-min diversity problem maximises: the smallest cosine distance between two of the chosen tokens.</summary>
    /// <param name="features">Tokens, float <c>[N, D]</c>.</param>
    /// <param name="chosen">At least two of them.</param>
    /// <exception cref="ArgumentException">Fewer than two tokens, or one of them is not finite or all zeros.</exception>
    public static float SmallestDistance(Tensor features, IReadOnlyList<long> chosen)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(chosen);
        if (chosen.Count < 2) throw new ArgumentException($"A distance needs two tokens; {chosen.Count} were chosen.", nameof(chosen));
        using var scope = NewDisposeScope();
        using var rows = new CosineRows(features.index_select(0, tensor(chosen.ToArray(), ScalarType.Int64, features.device)));
        return 1 - rows.MostSimilar(null, arange(chosen.Count, ScalarType.Int64, features.device)).Similarity.max().item<float>();
    }

    // Similarities in place of distances: 1 - s, and the farthest token is the least similar one.
    sealed class Search
    {
        readonly CosineRows rows;
        readonly int count;
        readonly Tensor nearest;            // [N]: similarity to the most similar chosen token, float32, as of the last update
        readonly Tensor nearestIndex;       // [N]: which one that is
        readonly bool[] chosen;
        readonly float[] distances;
        int updated;                        // how many of the chosen tokens all others have met

        public Search(CosineRows rows, int count)
        {
            (this.rows, this.count) = (rows, count);
            nearest = full(rows.Count, double.NegativeInfinity, ScalarType.Float32, rows.Device);
            nearestIndex = zeros(rows.Count, ScalarType.Int64, rows.Device);
            (chosen, distances) = (new bool[rows.Count], new float[rows.Count]);
        }

        public List<long> Order { get; } = [];

        public void ChooseFromPool()
        {
            using var scope = NewDisposeScope();
            var (pool, outside) = CosineRows.Lowest(MeetChosen(), PoolSize, except: i => chosen[i]);
            var index = tensor(pool, ScalarType.Int64, rows.Device);
            var unit = rows.Unit(index);
            var toChosen = unit.mul(rows.Unit(nearestIndex.index_select(0, index))).sum(1, keepdim: true);
            float[] table = cat([toChosen, unit.matmul(unit.t())], 1).to_type(ScalarType.Float32).cpu().data<float>().ToArray();
            int width = pool.Length + 1;
            float[] similarity = new float[pool.Length];
            for (int i = 0; i < pool.Length; i++) similarity[i] = table[i * width];
            bool copies = similarity.Min() >= Copy;
            for (int picks = 0; Order.Count < count && picks < pool.Length; picks++)
            {
                int best = Array.IndexOf(similarity, similarity.Min());
                if (picks > 0 && similarity[best] >= outside && !copies) break;
                Add(pool[best], 1 - similarity[best]);
                for (int i = 0; i < pool.Length; i++) similarity[i] = Math.Max(similarity[i], table[i * width + 1 + best]);
                similarity[best] = float.PositiveInfinity;
            }
        }

        public Diversity End()
        {
            float[] last = MeetChosen();
            for (int i = 0; i < last.Length; i++)
                if (!chosen[i]) distances[i] = Math.Clamp(1 - last[i], 0, distances[Order[^1]]);
            distances[Order[0]] = distances.Max();
            return new Diversity([.. Order], distances);
        }

        public void Add(long token, float distance)
        {
            Order.Add(token);
            chosen[token] = true;
            distances[token] = distance;
        }

        // Lets all tokens meet those chosen since the last time.
        float[] MeetChosen()
        {
            using var scope = NewDisposeScope();
            if (updated < Order.Count)
            {
                var (similarity, column) = rows.MostSimilar(null, tensor(Order.Skip(updated).ToArray(), ScalarType.Int64, rows.Device));
                nearestIndex.copy_(where(similarity.gt(nearest), column, nearestIndex));
                nearest.copy_(maximum(nearest, similarity));
                updated = Order.Count;
            }
            return nearest.cpu().data<float>().ToArray();
        }
    }
}
