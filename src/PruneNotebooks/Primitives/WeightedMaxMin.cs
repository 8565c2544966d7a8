using static TorchSharp.torch;

namespace PruneNotebooks.Primitives;

/// <summary>Greedy max-min diversity in which distances are weighted: each choice is the token with the largest <c>weight * cosine distance to the nearest chosen token</c>; the first has the largest weight.</summary>
/// <remarks>Equal weights: <see cref="MaxMinDiversity"/> that begins with token 0. Cost: one row of similarities for each choice (<see cref="GreedyByRows"/>), N^2 D / 2 at most.</remarks>
public static class WeightedMaxMin
{
    /// <summary>Weights between 0 and 1 from scores of any size, in float32: <c>(s - min) / (max - min + 1e-8)</c>; ones if all scores are equal. Who scores least weighs nothing and is chosen last.</summary>
    public static float[] Weights(IReadOnlyList<float> scores)
    {
        ArgumentNullException.ThrowIfNull(scores);
        float least = scores.Min(), most = scores.Max();
        return [.. scores.Select(score => most == least ? 1 : (score - least) / (most - least + 1e-8f))];
    }

    /// <summary>Chooses tokens; equal products: the lowest index.</summary>
    /// <param name="features">Tokens, float <c>[N, D]</c>, finite; a token of zeros has the distance 1 to all.</param>
    /// <param name="weights">The weight of each token, 0 or more.</param>
    /// <param name="count">How many, 0 to N.</param>
    /// <returns>The tokens in the order in which they were chosen.</returns>
    /// <exception cref="ArgumentException">A token is not finite, or there are more or fewer weights than tokens.</exception>
    public static long[] Choose(Tensor features, IReadOnlyList<float> weights, int count)
    {
        ArgumentNullException.ThrowIfNull(weights);
        double[] scores = [.. weights];
        float[] nearest = new float[scores.Length];
        Array.Fill(nearest, float.PositiveInfinity);
        return GreedyByRows.Choose(features, count, scores, Meet).Order;

        void Meet(long token, float[] similarity)
        {
            for (int i = 0; i < scores.Length; i++)
            {
                nearest[i] = Math.Min(nearest[i], Math.Max(0, 1 - similarity[i]));
                scores[i] = (double)weights[i] * nearest[i];
            }
        }
    }
}
