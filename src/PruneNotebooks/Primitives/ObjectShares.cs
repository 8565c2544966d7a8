using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Primitives;

/// <summary>A budget shared out among the objects of a picture by their size, at least one token each, taken at even distances from each.</summary>
/// <remarks><i>LVLM_CSP</i>, arXiv 2504.10854, "segmentation first"; which tokens of an object is not published.</remarks>
/// <param name="Counts">Tokens of each object, <c>[objects]</c>: their sum differs from the budget by rounding, and exceeds it where there are many small objects.</param>
/// <param name="Tokens">Tokens of any object, each once, ascending.</param>
public sealed record ObjectShares(int[] Counts, long[] Tokens)
{
    /// <summary>Shares out a budget.</summary>
    /// <param name="masks">Which tokens belong to which object, 0 or 1, <c>[objects, N]</c>; an object may be empty, and objects may overlap.</param>
    /// <param name="budget">How many tokens, about.</param>
    /// <exception cref="ArgumentException">Other dimensions, other numbers than 0 and 1, or nothing but empty objects.</exception>
    public static ObjectShares Of(Tensor masks, int budget)
    {
        ArgumentNullException.ThrowIfNull(masks);
        if (masks.dim() != 2) throw new ArgumentException($"Masks of objects are [objects, N]; they are {masks.Shape()}.", nameof(masks));
        FiniteTokens.Check(masks, 1, nameof(masks));
        ArgumentOutOfRangeException.ThrowIfNegative(budget);
        using var scope = NewDisposeScope();
        float[] values = masks.to_type(ScalarType.Float32).cpu().contiguous().data<float>().ToArray();
        if (values.Any(value => value is not (0 or 1))) throw new ArgumentException($"Masks of objects are 0 or 1; one of them is {values.First(value => value is not (0 or 1))}.", nameof(masks));
        long[][] objects = [.. values.Chunk((int)masks.shape[1]).Select(mask => Enumerable.Range(0, mask.Length).Where(token => mask[token] == 1).Select(token => (long)token).ToArray())];
        long all = objects.Sum(members => (long)members.Length);
        if (all == 0) throw new ArgumentException($"None of the {objects.Length} objects has a token: there is nothing to choose from.", nameof(masks));
        int[] counts = [.. objects.Select(members => (int)Math.Min(members.Length, Math.Max(1, (long)budget * members.Length / all)))];
        return new(counts, [.. objects.Zip(counts, EvenlyFrom).SelectMany(tokens => tokens).Distinct().Order()]);

        static IEnumerable<long> EvenlyFrom(long[] members, int count) => Enumerable.Range(0, count).Select(k => members[k * (members.Length / count)]);
    }
}
