namespace PruneNotebooks.Primitives;

/// <summary>How many scores stand out: a number of tokens that the picture decides (PruMerge, arXiv 2403.15388).</summary>
public static class AttentionOutliers
{
    /// <summary>How many scores lie strictly above <c>Q3 + factor (Q3 - Q1)</c>; never more than a quarter of them. O(N log N).</summary>
    /// <param name="scores">One for each token.</param>
    /// <param name="factor">How many times the interquartile range above the third quartile.</param>
    public static int Count(IReadOnlyCollection<float> scores, double factor = 1.5)
    {
        ArgumentNullException.ThrowIfNull(scores);
        if (scores.Count == 0) throw new ArgumentException("No scores have no quartiles.", nameof(scores));
        double[] sorted = [.. scores.Select(score => (double)score).Order()];
        double first = Percentile(0.25), third = Percentile(0.75), fence = third + (factor * (third - first));
        return sorted.Count(score => score > fence);

        double Percentile(double p)
        {
            double rank = p * (sorted.Length - 1);
            int below = (int)rank, above = Math.Min(below + 1, sorted.Length - 1);
            return sorted[below] + ((rank - below) * (sorted[above] - sorted[below]));
        }
    }
}
