using System.Globalization;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Primitives;

/// <summary>Where a curve changes its level: the one split into two parts whose values differ least from the mean of their part.</summary>
/// <remarks>
/// Binary segmentation with squared error, one change point, in float64. <i>AdaptInfer</i>, arXiv 2508.06084, puts its stages around the layers where the attention that the most attended tokens have gathered so far
/// changes; over many prompts the layers of <see cref="OfTokens"/> make a histogram.
/// </remarks>
public static class ChangePoint
{
    /// <summary>The first index of the second part; the last such index if several are equally good.</summary>
    /// <param name="curve">L values.</param>
    /// <param name="shortest">Each part has this many values or more.</param>
    /// <exception cref="ArgumentException">The curve is too short for two parts.</exception>
    public static int Of(IReadOnlyList<double> curve, int shortest = 2)
    {
        ArgumentNullException.ThrowIfNull(curve);
        ArgumentOutOfRangeException.ThrowIfLessThan(shortest, 1);
        if (curve.Count < 2 * shortest) throw new ArgumentException($"Two parts of {shortest} values or more need {2 * shortest} values; the curve has {curve.Count}.", nameof(curve));
        double total = Error(0, curve.Count), most = double.NegativeInfinity;
        int best = shortest;
        for (int t = shortest; t <= curve.Count - shortest; t++)
        {
            double gain = total - Error(0, t) - Error(t, curve.Count);
            if (gain >= most) (most, best) = (gain, t);
        }
        return best;

        double Error(int from, int to)
        {
            double mean = 0, error = 0;
            for (int i = from; i < to; i++) mean += curve[i];
            mean /= to - from;
            for (int i = from; i < to; i++) error += (curve[i] - mean) * (curve[i] - mean);
            return error;
        }
    }

    /// <summary>For the tokens that receive most attention over all layers, the layer at which what they have received so far changes.</summary>
    /// <param name="attention">Attention that each token receives by layer, float <c>[L, N]</c>.</param>
    /// <param name="top">How many tokens; the paper takes a tenth.</param>
    /// <param name="shortest">Each part has this many layers or more.</param>
    /// <returns>The tokens, by ascending total, and for each the last layer (0-based) before the change.</returns>
    /// <exception cref="ArgumentException">Not <c>[L, N]</c>, too few tokens or layers, or a token's attention is not finite.</exception>
    public static (long[] Tokens, long[] Layers) OfTokens(Tensor attention, int top, int shortest = 2)
    {
        ArgumentNullException.ThrowIfNull(attention);
        if (attention.dim() != 2) throw new ArgumentException($"Attention by layer is [L, N]; it is {attention.Shape()}.", nameof(attention));
        int layers = (int)attention.shape[0], count = (int)attention.shape[1];
        if (top < 1 || top > count) throw new ArgumentOutOfRangeException(nameof(top), top, string.Create(CultureInfo.InvariantCulture, $"Of {count} tokens, 1 to {count} can be looked at; it was {top}."));
        FiniteTokens.Check(attention, 1, nameof(attention));
        using var scope = NewDisposeScope();
        double[] gathered = attention.to_type(ScalarType.Float64).cumsum(0).cpu().data<double>().ToArray();
        long[] tokens = [.. Enumerable.Range(0, count).OrderBy(token => gathered[(layers - 1) * count + token]).TakeLast(top).Select(token => (long)token)];
        return (tokens, [.. tokens.Select(token => Of([.. Enumerable.Range(0, layers).Select(layer => gathered[layer * count + token])], shortest) - 1L)]);
    }
}
