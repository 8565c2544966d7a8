using static TorchSharp.torch;

namespace PruneNotebooks.Primitives;

/// <summary>The shape that greedy choices share: take the token with the highest score, let all others meet it, and again.</summary>
/// <remarks>
/// A choice costs one row of cosine similarities and a walk over N scores. The rows come from a table, N^2 D / 2, where that is cheaper than one pass over the
/// features for each of them, N D K: matrix products read the features once, rows again and again.
/// </remarks>
internal static class GreedyByRows
{
    const int TableSize = 4096, RowsPerTable = 40;

    /// <summary>Chooses tokens.</summary>
    /// <param name="features">Tokens, float <c>[N, D]</c>; a token of zeros is similar to none.</param>
    /// <param name="count">How many, 0 to N.</param>
    /// <param name="scores">By token: the higher, the sooner it is chosen, equal ones by index; <paramref name="meet"/> changes them.</param>
    /// <param name="meet">Gets a chosen token and the cosine similarities of all tokens to it, <c>[N]</c>.</param>
    /// <param name="atOnce">How many tokens are chosen before the others meet them.</param>
    /// <param name="above">Only scores above this are chosen; the order may be shorter then.</param>
    /// <returns>The tokens in the order in which they were chosen, and the scores that they had then.</returns>
    /// <exception cref="ArgumentException">A token is not finite; the message names it.</exception>
    public static (long[] Order, double[] Scores) Choose(Tensor features, int count, double[] scores, Action<long, float[]> meet, int atOnce = 1, double above = double.NegativeInfinity)
    {
        ArgumentNullException.ThrowIfNull(features);
        int tokens = scores.Length;
        if (count < 0 || count > tokens) throw new ArgumentOutOfRangeException(nameof(count), count, $"{count} of {tokens} tokens cannot be chosen.");
        using var scope = NewDisposeScope();
        using var similarities = new CosineAffinities(features, (long)RowsPerTable * count > tokens ? TableSize : 0);
        if (similarities.Tokens != tokens) throw new ArgumentException($"There are {similarities.Tokens} tokens and {tokens} scores.", nameof(scores));
        bool[] chosen = new bool[tokens];
        float[] row = new float[tokens];
        List<long> order = [];
        List<double> reached = [];
        while (order.Count < count)
        {
            int start = order.Count;
            for (int last = Math.Min(count, start + atOnce); order.Count < last && Best() is >= 0 and var best;)
            {
                chosen[best] = true;
                order.Add(best);
                reached.Add(scores[best]);
            }
            if (order.Count == start || order.Count == count) break;
            foreach (long token in order[start..])
            {
                using var inner = NewDisposeScope();
                similarities.By(token).cpu().data<float>().CopyTo(row);
                meet(token, row);
            }
        }
        return ([.. order], [.. reached]);

        int Best()
        {
            int best = -1;
            double most = above;
            for (int i = 0; i < tokens; i++)
                if (scores[i] > most && !chosen[i]) (best, most) = (i, scores[i]);
            return best;
        }
    }
}
