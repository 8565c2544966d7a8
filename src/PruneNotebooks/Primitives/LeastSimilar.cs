using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Primitives;

/// <summary>Around each of a few pivots the tokens that are least similar to it, none of them twice (DART, arXiv 2502.11494).</summary>
/// <remarks>P N D for the similarities, P N log N for the ranking.</remarks>
public static class LeastSimilar
{
    /// <summary>Chooses tokens, pivot after pivot.</summary>
    /// <param name="features">Tokens, float <c>[N, D]</c>, finite; a token of zeros has the cosine 0.</param>
    /// <param name="pivots">The pivots' features in the order in which they choose, float <c>[P, D]</c>.</param>
    /// <param name="perPivot">How many tokens each pivot chooses; fewer if no more are left.</param>
    /// <param name="except">Tokens that are no candidates, such as pivots.</param>
    /// <returns>The chosen tokens by pivot, the least similar first; equal ones by index.</returns>
    /// <exception cref="ArgumentException">Shapes disagree, or a token is not finite; the message names it.</exception>
    public static long[] Choose(Tensor features, Tensor pivots, IReadOnlyList<int> perPivot, IReadOnlyCollection<long> except)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(pivots);
        ArgumentNullException.ThrowIfNull(perPivot);
        if (features.dim() != 2 || pivots.dim() != 2 || features.shape[1] != pivots.shape[1] || pivots.shape[0] != perPivot.Count)
            throw new ArgumentException($"Tokens are [N, D], pivots [P, D], with a number for each pivot; they are {features.Shape()} and {pivots.Shape()} with {perPivot.Count} numbers.", nameof(pivots));
        FiniteTokens.Check(features, 0, nameof(features));
        using var scope = NewDisposeScope();
        var cosines = UnitRows.Of(pivots.to_type(ScalarType.Float32)).matmul(UnitRows.Of(features.to_type(ScalarType.Float32)).t());
        var excluded = except.ToHashSet();
        List<long> candidates = [.. Enumerable.Range(0, (int)features.shape[0]).Select(i => (long)i).Where(i => !excluded.Contains(i))], chosen = [];
        for (int pivot = 0; pivot < perPivot.Count; pivot++)
        {
            if (perPivot[pivot] == 0) continue;
            float[] similarity = cosines[pivot].cpu().data<float>().ToArray();
            long[] picks = [.. candidates.OrderBy(i => similarity[i]).Take(perPivot[pivot])];
            chosen.AddRange(picks);
            var gone = picks.ToHashSet();
            candidates.RemoveAll(gone.Contains);
        }
        return [.. chosen];
    }
}
