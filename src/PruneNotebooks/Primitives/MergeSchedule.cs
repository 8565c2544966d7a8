using PruneNotebooks.Tokens;

namespace PruneNotebooks.Primitives;

/// <summary>How many tokens the blocks of a vision tower merge: the schedules of Token Merging (arXiv 2210.09461).</summary>
public static class MergeSchedule
{
    /// <summary>By block, a number that is constant or changes evenly from block to block, in double precision and truncated.</summary>
    /// <param name="layers">How many blocks.</param>
    /// <param name="merges">How many on average.</param>
    /// <param name="inflection">-1 falls from twice as many to none (the paper's decreasing schedule), 0 is constant, 1 rises.</param>
    public static int[] Linear(int layers, int merges, double inflection = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(layers, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(merges);
        Check(inflection);
        double least = Math.Truncate(merges * (1 - inflection)), step = layers == 1 ? 0 : ((2.0 * merges) - (2 * least)) / (layers - 1);
        return [.. Enumerable.Range(0, layers).Select(layer => (int)(least + (step * layer)))];
    }

    /// <summary>By block, how many tokens are left so that the last leaves a given number. A block leaves half of its tokens or more, where the blocks suffice: earlier ones merge more if need be.</summary>
    /// <param name="layers">How many blocks.</param>
    /// <param name="tokens">How many tokens the first gets.</param>
    /// <param name="keep">How many the last leaves, 1 to <paramref name="tokens"/>.</param>
    /// <param name="inflection">As in <see cref="Linear"/>.</param>
    public static int[] Counts(int layers, int tokens, int keep, double inflection = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(layers, 1);
        if (keep < 1 || keep > tokens) throw new ArgumentOutOfRangeException(nameof(keep), keep, $"1 to {tokens} tokens can be left of {tokens}; it was {keep}.");
        Check(inflection);
        double[] shares = [.. Enumerable.Range(0, layers).Select(layer => layers == 1 ? 1 : 1 - inflection + (2 * inflection * layer / (layers - 1)))];
        int[] counts = new int[layers];
        double passed = 0, all = shares.Sum();
        for (int layer = 0; layer < layers; layer++) counts[layer] = tokens - Rounding.HalfToEven.Apply((tokens - keep) * (passed += shares[layer]) / all);
        counts[^1] = keep;
        for (int layer = layers - 2; layer >= 0; layer--) counts[layer] = Math.Min(counts[layer], 2 * counts[layer + 1]);
        return counts;
    }

    static void Check(double inflection)
    {
        if (inflection is not (>= -1 and <= 1)) throw new ArgumentOutOfRangeException(nameof(inflection), inflection, $"An inflection is -1 (falling) to 1 (rising); it was {inflection}.");
    }
}
