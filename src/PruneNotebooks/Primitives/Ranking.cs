using System.Globalization;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Primitives;

/// <summary>Tokens from the highest score to the lowest; equal scores in the order of the tokens.</summary>
/// <remarks>Scores are copied to the host once, where N log N comparisons of N numbers cost less than a device's unstable <c>topk</c> and its synchronisation.</remarks>
public sealed class Ranking
{
    readonly double[] scores;
    readonly long[] order;

    Ranking(double[] scores)
    {
        this.scores = scores;
        double[] keys = Array.ConvertAll(scores, static score => -score);
        order = new long[keys.Length];
        for (int i = 0; i < order.Length; i++) order[i] = i;
        Array.Sort(keys, order);
        // That sort is fast and not stable: put equals back into the order of the tokens.
        for (int start = 0, end; start < keys.Length; start = end)
        {
            for (end = start + 1; end < keys.Length && keys[end] == keys[start]; end++) { }
            if (end - start > 1) Array.Sort(order, start, end - start);
        }
    }

    /// <summary>Ranks tokens by a score.</summary>
    /// <param name="scores"><c>[N]</c>, any float or integer type.</param>
    /// <exception cref="ArgumentException">Not one-dimensional, or a score is not a finite number; the message names the token.</exception>
    public static Ranking Of(Tensor scores)
    {
        ArgumentNullException.ThrowIfNull(scores);
        if (scores.dim() != 1) throw new ArgumentException($"A ranking needs one score per token, [N]; the scores are {scores.Shape()}.", nameof(scores));
        using var scope = NewDisposeScope();
        double[] values = scores.to_type(ScalarType.Float64).cpu().contiguous().data<double>().ToArray();
        for (int i = 0; i < values.Length; i++)
            if (!double.IsFinite(values[i]))
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                    $"The score of token {i} is {values[i]}; tokens are ranked by finite numbers only. Check the signal it was computed from."), nameof(scores));
        return new Ranking(values);
    }

    /// <summary>Ranks by finite numbers that are on the host already.</summary>
    internal static Ranking Of(float[] scores) => new(Array.ConvertAll(scores, static score => (double)score));

    /// <summary>Ranks tokens by the mean attention that they receive, over heads and, if there are several, over queries; not renormalised. O(H Q N).</summary>
    /// <param name="attention"><c>[H, N]</c> or <c>[H, Q, N]</c>, any float type; the mean is taken in float32.</param>
    /// <exception cref="ArgumentException">Other dimensions, or an attention that is not finite.</exception>
    public static Ranking ByAttention(Tensor attention)
    {
        ArgumentNullException.ThrowIfNull(attention);
        using var scope = NewDisposeScope();
        return Of(MeanAttention(attention));
    }

    /// <summary>Mean attention that tokens receive, over heads and, if there are several, over queries; not renormalised.</summary>
    /// <param name="attention"><c>[H, N]</c> or <c>[H, Q, N]</c>, any float type.</param>
    /// <returns>Float32 <c>[N]</c>; belongs to the dispose scope of the caller.</returns>
    /// <exception cref="ArgumentException">Other dimensions.</exception>
    public static Tensor MeanAttention(Tensor attention)
    {
        ArgumentNullException.ThrowIfNull(attention);
        return attention.dim() switch
        {
            2 => attention.mean([0], type: ScalarType.Float32),
            3 => attention.mean([0, 1], type: ScalarType.Float32),
            _ => throw new ArgumentException($"Attention is [heads, tokens] or [heads, queries, tokens]; it is {attention.Shape()}.", nameof(attention)),
        };
    }

    /// <summary>The ranking after the scores of some tokens were lowered, in float32.</summary>
    public Ranking Lowered(IEnumerable<long> tokens, float by)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        double[] lowered = [.. scores];
        foreach (long token in tokens) lowered[token] = (float)lowered[token] - by;
        return new Ranking(lowered);
    }

    /// <summary>How many tokens there are, N.</summary>
    public int Count => scores.Length;

    /// <summary>The score of each token, in the order of the tokens, <c>[N]</c>.</summary>
    public float[] Scores => Array.ConvertAll(scores, static s => (float)s);

    /// <summary>All tokens, best first.</summary>
    public IReadOnlyList<long> Order => order;

    /// <summary>The tokens with the highest scores, best first.</summary>
    /// <param name="count">How many.</param>
    /// <param name="except">Tokens that must not be among them.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer tokens than that.</exception>
    public long[] Top(int count, IReadOnlyCollection<long>? except = null)
    {
        var excluded = except is { Count: > 0 } ? except.ToHashSet() : [];
        int available = order.Length - excluded.Count;
        if (count < 0 || count > available)
            throw new ArgumentOutOfRangeException(nameof(count), count, excluded.Count == 0
                ? $"{count} of {order.Length} tokens cannot be chosen."
                : $"{count} of {order.Length} tokens cannot be chosen when {excluded.Count} of them are excluded.");
        return excluded.Count == 0 ? order[..count] : [.. order.Where(token => !excluded.Contains(token)).Take(count)];
    }
}
