using static TorchSharp.torch;

namespace PruneNotebooks.Primitives;

/// <summary>What a walk down a ranking chose.</summary>
/// <param name="Order">The chosen tokens: those of the walk, then those that filled the rest, each in the order of the ranking.</param>
/// <param name="Thresholds">The cosine distance within which each token of the walk removed others.</param>
public sealed record Suppression(long[] Order, double[] Thresholds)
{
    /// <summary>How many of the chosen tokens had been removed and came back to meet the count.</summary>
    public int Filled => Order.Length - Thresholds.Length;
}

/// <summary>Walks down a ranking and removes the neighbours of each token it takes (greedy non-maximum suppression on cosine distance).</summary>
/// <remarks>O(N D K) as matrix products over batches of candidates; memory: the blocks of <see cref="CosineRows"/> and N x 32 similarities.</remarks>
public static class RankedSuppression
{
    const int Batch = 32;

    /// <summary>Chooses <paramref name="count"/> tokens. If the ranking ends early, removed tokens fill the rest, best first.</summary>
    /// <param name="features">Tokens, float <c>[N, D]</c>; finite, none of them zero.</param>
    /// <param name="ranked">All N tokens, best first.</param>
    /// <param name="count">How many, 0 to N.</param>
    /// <param name="threshold">From the 1-based place in the ranking to the cosine distance below which others are removed.</param>
    /// <exception cref="ArgumentException">A token is not finite or all zeros, or the ranking has another length.</exception>
    public static Suppression Choose(Tensor features, IReadOnlyList<long> ranked, int count, Func<int, double> threshold)
    {
        ArgumentNullException.ThrowIfNull(ranked);
        ArgumentNullException.ThrowIfNull(threshold);
        using var scope = NewDisposeScope();
        using var rows = new CosineRows(features);
        if (ranked.Count != rows.Count) throw new ArgumentException($"{rows.Count} tokens need a ranking of {rows.Count}; it ranks {ranked.Count}.", nameof(ranked));
        if (count < 0 || count > rows.Count) throw new ArgumentOutOfRangeException(nameof(count), count, $"{count} of {rows.Count} tokens cannot be chosen.");
        bool[] gone = new bool[rows.Count];
        List<long> order = [];
        List<double> thresholds = [];
        for (int place = 0; order.Count < count && place < ranked.Count;)
        {
            var batch = new List<int>();
            for (; place < ranked.Count && batch.Count < Math.Min(Batch, count - order.Count); place++)
                if (!gone[ranked[place]]) batch.Add(place);
            if (batch.Count > 0) Walk(batch);
        }
        long[] walked = [.. order];
        bool[] taken = new bool[rows.Count];
        foreach (long token in walked) taken[token] = true;
        return new([.. walked, .. ranked.Where(token => !taken[token]).Take(count - walked.Length)], [.. thresholds]);

        void Walk(List<int> batch)
        {
            float[] similarity = new float[(long)rows.Count * batch.Count];
            rows.ForEachBlock(null, tensor([.. batch.Select(place => ranked[place])], ScalarType.Int64, rows.Device), (start, block) =>
                block.cpu().data<float>().CopyTo(similarity, (int)start * batch.Count));
            for (int b = 0; b < batch.Count; b++)
            {
                long token = ranked[batch[b]];
                if (gone[token]) continue;
                double reach = threshold(batch[b] + 1);
                order.Add(token);
                thresholds.Add(reach);
                for (int other = 0; other < rows.Count; other++)
                    gone[other] |= 1 - similarity[other * batch.Count + b] < reach;
                gone[token] = true;
            }
        }
    }
}
