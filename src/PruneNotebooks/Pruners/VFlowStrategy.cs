using PruneNotebooks.Parts;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Pruners;

/// <summary>What <see cref="VFlowOpt"/>'s optimisation found for one average share of tokens, on LLaVA-OneVision-7B: 27 x 27 tokens a tile, 28 decoder layers.</summary>
/// <param name="Average">The mean share of tokens that decoder layers see.</param>
/// <param name="Threshold">A patch is important if it receives more than this times the mean.</param>
/// <param name="CellSide">Side of a cell, in tokens.</param>
/// <param name="First">The share that stays before the decoder.</param>
/// <param name="Second">The share of those that stays before layer 9.</param>
/// <param name="Third">The share of those that stays before layer 18.</param>
public sealed record VFlowStrategy(double Average, double Threshold, double CellSide, double First, double Second, double Third)
{
    /// <summary>Half of the tokens.</summary>
    public static VFlowStrategy Half { get; } = new(0.5, 28.683, 11.757, 0.72332, 0.74875, 0.487);

    /// <summary>A quarter.</summary>
    public static VFlowStrategy Quarter { get; } = new(0.25, 34.760, 15.581, 0.26510, 0.98334, 0.87733);

    /// <summary>A tenth.</summary>
    public static VFlowStrategy Tenth { get; } = new(0.1, 39.265, 17.387, 0.11662, 1, 0.6011);

    /// <summary>All that were published.</summary>
    public static IReadOnlyList<VFlowStrategy> Published { get; } = [Half, Quarter, Tenth];

    /// <summary>Before which layers which share of all tokens is left.</summary>
    public Schedule Schedule => new(Of: 28, (0, First), (9, First * Second), (18, First * Second * Third));

    /// <summary>How many tokens are left by stage: what leaves is rounded, ties to even, at each.</summary>
    /// <param name="tokens">Visual tokens before any stage.</param>
    public IReadOnlyList<int> Counts(int tokens)
    {
        int[] counts = new int[3];
        foreach (var (i, share) in new[] { First, Second, Third }.Index()) counts[i] = tokens -= Rounding.HalfToEven.Apply(tokens * (1 - share));
        return counts;
    }
}
