using static TorchSharp.torch;

namespace PruneNotebooks.Primitives;

/// <summary>Deletes near-duplicates, a few per round: the tokens at even places of a list meet those at odd places, and the ones that are most similar to somebody go (VisPruner, arXiv 2412.01818).</summary>
/// <remarks>
/// As the published rule does, each round leaves the survivors of the even places in the order of that similarity, most similar first, and behind them the odd ones: so the pairs of the next round
/// are others. Where the list is odd, the even places have one more. Every token keeps a list of its nearest ones, so that a round compares numbers, not features (<see cref="NearestLists"/>).
/// Cost: O(N^2 D) once. Memory: see there.
/// </remarks>
public static class PairSuppression
{
    /// <summary>What is left of a list.</summary>
    /// <param name="features">Tokens, float <c>[N, D]</c>; finite, none of them zero.</param>
    /// <param name="list">Tokens in the order in which they pair up; each once.</param>
    /// <param name="count">How many are left, 0 to the length of the list.</param>
    /// <param name="perRound">How many go in a round.</param>
    /// <returns>The tokens that are left, in the order that the last round gave them.</returns>
    /// <exception cref="ArgumentException">A token is not finite or all zeros.</exception>
    public static long[] Thin(Tensor features, IReadOnlyList<long> list, int count, int perRound = 8)
    {
        ArgumentNullException.ThrowIfNull(list);
        ArgumentOutOfRangeException.ThrowIfLessThan(perRound, 1);
        if (count < 0 || count > list.Count) throw new ArgumentOutOfRangeException(nameof(count), count, $"Of a list of {list.Count} tokens {count} cannot be left.");
        using var scope = NewDisposeScope();
        using var rows = new CosineRows(features);
        if (count == 0) return [];
        var nearest = new NearestLists(rows);
        long[] left = [.. list];
        while (left.Length > count)
        {
            long[] even = EverySecond(left, 0), odd = EverySecond(left, 1);
            var ranking = Ranking.Of(nearest.Among(even, odd, left));
            left = [.. ranking.Order.Skip(Math.Min(perRound, left.Length - count)).Select(place => even[place]), .. odd];
        }
        return left;
    }

    static long[] EverySecond(long[] list, int first)
    {
        long[] half = new long[(list.Length - first + 1) / 2];
        for (int i = 0; i < half.Length; i++) half[i] = list[first + (2 * i)];
        return half;
    }
}
