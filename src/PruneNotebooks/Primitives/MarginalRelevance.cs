using static TorchSharp.torch;

namespace PruneNotebooks.Primitives;

/// <summary>Maximal marginal relevance (Carbonell and Goldstein, 1998): greedily the token with the most of <c>lambda * importance - (1 - lambda) * largest cosine to what is chosen</c>.</summary>
/// <remarks>Cost: one row of similarities for each choice (<see cref="GreedyByRows"/>), N^2 D / 2 at most.</remarks>
public static class MarginalRelevance
{
    /// <summary>Chooses tokens. The first is the most important one, whatever <paramref name="lambda"/> is: nothing has been chosen that it could resemble.</summary>
    /// <param name="features">Tokens, float <c>[N, D]</c>, finite; a token of zeros resembles none.</param>
    /// <param name="importance">How important each token is, between 0 and 1 to be comparable with a cosine.</param>
    /// <param name="count">How many, 0 to N.</param>
    /// <param name="lambda">Weight of importance, 0 to 1: 1 is top-k, 0 avoids resemblance alone.</param>
    /// <param name="atOnce">How many tokens are chosen before resemblance to them counts.</param>
    /// <returns>The tokens in the order in which they were chosen.</returns>
    /// <exception cref="ArgumentException">A token is not finite, or there are more or fewer importances than tokens.</exception>
    public static long[] Choose(Tensor features, IReadOnlyList<float> importance, int count, double lambda = 0.5, int atOnce = 1)
    {
        ArgumentNullException.ThrowIfNull(importance);
        ArgumentOutOfRangeException.ThrowIfLessThan(atOnce, 1);
        double[] scores = [.. importance];
        float[] resemblance = new float[scores.Length];
        Array.Fill(resemblance, float.NegativeInfinity);
        return GreedyByRows.Choose(features, count, scores, Meet, atOnce).Order;

        void Meet(long token, float[] similarity)
        {
            for (int i = 0; i < scores.Length; i++)
            {
                resemblance[i] = Math.Max(resemblance[i], similarity[i]);
                scores[i] = (lambda * importance[i]) - ((1 - lambda) * resemblance[i]);
            }
        }
    }
}
