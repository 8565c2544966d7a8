using static TorchSharp.torch;

namespace PruneNotebooks.Primitives;

/// <summary>Greedy max-sum diversity: each choice is the token whose cosine similarities to all chosen tokens add up to the least.</summary>
/// <remarks>
/// Unlike <see cref="MaxMinDiversity"/> it tends to a few opposite directions and may keep tokens that are nearly copies of each other.
/// Cost: one row of similarities for each choice (<see cref="GreedyByRows"/>), N^2 D / 2 at most.
/// </remarks>
public static class MaxSumDiversity
{
    /// <summary>Chooses tokens; equal sums: the lowest index.</summary>
    /// <param name="features">Tokens, float <c>[N, D]</c>, finite; a token of zeros is similar to none.</param>
    /// <param name="count">How many, 0 to N.</param>
    /// <param name="first">The token to begin with.</param>
    /// <returns>The tokens in the order in which they were chosen.</returns>
    /// <exception cref="ArgumentException">A token is not finite.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such first token, or <paramref name="count"/> is more than N.</exception>
    public static long[] Choose(Tensor features, int count, long first)
    {
        ArgumentNullException.ThrowIfNull(features);
        double[] scores = new double[features.shape[0]];
        if (first < 0 || first >= scores.Length) throw new ArgumentOutOfRangeException(nameof(first), first, $"There are tokens 0 to {scores.Length - 1} to begin with.");
        scores[first] = 1;
        return GreedyByRows.Choose(features, count, scores, Meet).Order;

        void Meet(long token, float[] similarity)
        {
            for (int i = 0; i < scores.Length; i++) scores[i] -= similarity[i];
        }
    }
}
