using MathNet.Numerics.Statistics;

namespace PruneNotebooks.Metrics;

/// <summary>How much two scores of the same tokens agree on their order, -1 to 1, equal scores included.</summary>
public static class RankCorrelation
{
    /// <summary>Spearman's rho: the correlation of the ranks, equal scores sharing their mean rank. N log N.</summary>
    /// <returns>Not a number if all scores of one side are equal.</returns>
    /// <exception cref="ArgumentException">The lists differ in length, have fewer than two scores, or hold one that is not a number.</exception>
    public static double Spearman(IReadOnlyList<float> first, IReadOnlyList<float> second)
    {
        Check(first, second);
        return Correlation.Spearman(first.Select(score => (double)score), second.Select(score => (double)score));
    }

    /// <summary>Kendall's tau-b: pairs in the same order less pairs in the opposite order, divided by the geometric mean of the pairs that are not equal on either side. N log N (Knight 1966).</summary>
    /// <inheritdoc cref="Spearman"/>
    public static double Kendall(IReadOnlyList<float> first, IReadOnlyList<float> second)
    {
        Check(first, second);
        long count = first.Count, pairs = count * (count - 1) / 2;
        int[] order = [.. Enumerable.Range(0, first.Count).OrderBy(i => first[i]).ThenBy(i => second[i])];
        float[] a = Array.ConvertAll(order, i => first[i]), b = Array.ConvertAll(order, i => second[i]);
        long tiedFirst = Tied(first.Count, i => a[i] == a[i - 1]), tiedBoth = Tied(first.Count, i => a[i] == a[i - 1] && b[i] == b[i - 1]);
        // How often sorting by the second exchanges two: the pairs in opposite order.
        long discordant = Sort(b, new float[b.Length], 0, b.Length), tiedSecond = Tied(first.Count, i => b[i] == b[i - 1]);
        long concordant = pairs - tiedFirst - tiedSecond + tiedBoth - discordant;
        return (concordant - discordant) / Math.Sqrt((double)(pairs - tiedFirst) * (pairs - tiedSecond));
    }

    // Pairs within runs of equals.
    static long Tied(int count, Func<int, bool> equalsPrevious)
    {
        long tied = 0, run = 0;
        for (int i = 1; i < count; i++)
        {
            run = equalsPrevious(i) ? run + 1 : 0;
            tied += run;
        }
        return tied;
    }

    // Merge sort that counts exchanges.
    static long Sort(float[] values, float[] spare, int start, int end)
    {
        if (end - start < 2) return 0;
        int middle = (start + end) / 2;
        long exchanges = Sort(values, spare, start, middle) + Sort(values, spare, middle, end);
        for (int left = start, right = middle, i = start; i < end; i++)
        {
            bool fromRight = left == middle || (right < end && values[right] < values[left]);
            if (fromRight) exchanges += middle - left;
            spare[i] = values[fromRight ? right++ : left++];
        }
        Array.Copy(spare, start, values, start, end - start);
        return exchanges;
    }

    static void Check(IReadOnlyList<float> first, IReadOnlyList<float> second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        if (first.Count != second.Count || first.Count < 2)
            throw new ArgumentException($"Two scores for each of two tokens or more are expected; there are {first.Count} and {second.Count}.", nameof(second));
        foreach (var scores in (IReadOnlyList<float>[])[first, second])
            for (int i = 0; i < scores.Count; i++)
                if (float.IsNaN(scores[i])) throw new ArgumentException($"The score of token {i} is not a number: it has no rank.", nameof(first));
    }
}
