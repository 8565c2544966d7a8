using PruneNotebooks.Runtime;
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
/// <para>Up to 1,536 tokens: half a table of all pairs, N^2 D / 2, after which a choice costs N comparisons.</para>
/// <para>
/// More tokens: distances to the chosen set only shrink. So the tokens that were farthest at some moment can be compared among each other, as long as the best
/// of them stays farther than all others were: choices are made inside a small pool, and a new pool is drawn when it runs dry. All N tokens
/// meet the chosen ones in batches, as matrix products, instead of one by one, with a few transfers per pool: O(N K D) at most, plus the first token
/// (<see cref="MostIsolated"/>). Memory O(N + K) and the blocks of <see cref="CosineRows"/>.
/// </para>
/// </remarks>
public static class MaxMinDiversity
{
    const int TableSize = 1536, PoolSize = 128;

    /// <summary>Chooses <paramref name="count"/> tokens, each as far as possible from those chosen before it; equal distances: the lowest index.</summary>
    /// <param name="features">Tokens, float <c>[N, D]</c>; finite, none of them zero.</param>
    /// <param name="count">How many, between 0 and N.</param>
    /// <param name="first">The token to begin with; <see langword="null"/> for the one that is farthest from its nearest neighbour.</param>
    /// <exception cref="ArgumentException">A token is not finite or all zeros.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> or <paramref name="first"/> is outside of 0 to N.</exception>
    public static Diversity Choose(Tensor features, int count, long? first = null) => Choose(features, count, first, TableSize);

    internal static Diversity Choose(Tensor features, int count, long? first, int tableSize)
    {
        using var scope = NewDisposeScope();
        using var rows = new CosineRows(features);
        if (count < 0 || count > rows.Count)
            throw new ArgumentOutOfRangeException(nameof(count), count, $"{count} of {rows.Count} tokens cannot be chosen.");
        if (first is < 0 || first >= rows.Count)
            throw new ArgumentOutOfRangeException(nameof(first), first, $"There are tokens 0 to {rows.Count - 1} to begin with.");
        var search = new Search(rows, count);
        if (count == 0) return search.Result();
        if (rows.Count <= tableSize) search.FromTable(first);
        else search.FromPools(first);
        return search.Result();
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
        return 1 - rows.MostSimilar(null, Indices.UpTo(chosen.Count, features.device)).Similarity.max().item<float>();
    }

    // Similarities in place of distances: 1 - s, and the farthest token is the one whose most similar chosen token is the least similar.
    sealed class Search(CosineRows rows, int count)
    {
        readonly List<long> order = [];
        readonly bool[] chosen = new bool[rows.Count];
        readonly float[] distances = new float[rows.Count];
        float reached = float.PositiveInfinity;

        public void FromTable(long? first)
        {
            long[] all = [.. Enumerable.Range(0, rows.Count).Select(i => (long)i)];
            var pairs = rows.Pairs(tensor(all, ScalarType.Int64, rows.Device));
            if (first is null)
            {
                var (nearest, partner) = pairs.Nearest();
                first = rows.Decide(all, nearest, partner);
            }
            Add(first.Value, float.PositiveInfinity);
            var pool = new Pool(rows, all, pairs, [.. all.Select(_ => float.NegativeInfinity)], new long[rows.Count]);
            pool.Meet((int)first.Value);
            while (order.Count < count) Choose(pool);
            End(pool.Similarity);
        }

        public void FromPools(long? first)
        {
            Add(first ?? MostIsolated.Find(rows), float.PositiveInfinity);
            var similarity = full(rows.Count, double.NegativeInfinity.ToCachedScalar(), ScalarType.Float32, rows.Device);
            var partner = zeros(rows.Count, ScalarType.Int64, rows.Device);
            for (int met = 0; ;)
            {
                using var scope = NewDisposeScope();
                var (fresh, which) = rows.MostSimilar(null, tensor(order.Skip(met).ToArray(), ScalarType.Int64, rows.Device));
                partner.copy_(where(fresh.gt(similarity), which, partner));
                similarity.copy_(maximum(similarity, fresh));
                met = order.Count;
                float[] toChosen = similarity.cpu().data<float>().ToArray();
                if (met == count)
                {
                    End(toChosen);
                    return;
                }
                var (tokens, outside) = CosineRows.Lowest(toChosen, PoolSize, except: i => chosen[i]);
                long[] partners = partner.cpu().data<long>().ToArray();
                var pool = new Pool(rows, tokens, rows.Pairs(tensor(tokens, ScalarType.Int64, rows.Device)), [.. tokens.Select(i => toChosen[i])], [.. tokens.Select(i => partners[i])]);
                // Among copies of chosen tokens the order of the pool is the order of the choice.
                if (pool.Least >= CosineRows.Copy) outside = float.PositiveInfinity;
                Choose(pool);
                while (order.Count < count && pool.Least + CosineRows.Error < outside) Choose(pool);
            }
        }

        public Diversity Result() => new([.. order], distances);

        void Choose(Pool pool)
        {
            int best = pool.Best();
            Add(pool.Tokens[best], 1 - pool.Similarity[best]);
            pool.Meet(best);
        }

        void Add(long token, float distance)
        {
            order.Add(token);
            chosen[token] = true;
            distances[token] = reached = Math.Clamp(distance, 0, reached);
        }

        // Tokens that were not chosen; and the first, which has none before it, shares the largest distance.
        void End(float[] similarity)
        {
            for (int i = 0; i < similarity.Length; i++)
                if (!chosen[i]) distances[i] = Math.Clamp(1 - similarity[i], 0, reached);
            distances[order[0]] = 0;
            distances[order[0]] = distances.Max();
        }
    }

    // Candidates and their similarities to each other; for each its most similar chosen token and how similar that is.
    sealed class Pool(CosineRows rows, long[] tokens, PairTable pairs, float[] similarity, long[] partner)
    {
        public long[] Tokens => tokens;

        public float[] Similarity => similarity;

        public float Least => similarity.Min();

        public int Best() => rows.Decide(tokens, similarity, partner);

        // The candidate was chosen: the others meet it, and it is none any more.
        public void Meet(int best)
        {
            pairs.Meet(best, similarity, partner, tokens[best]);
            similarity[best] = float.PositiveInfinity;
        }
    }
}
