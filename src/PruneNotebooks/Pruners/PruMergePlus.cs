using PruneNotebooks.Parts;
using PruneNotebooks.Primitives;

namespace PruneNotebooks.Pruners;

/// <summary>PruMerge+: <see cref="PruMerge"/> that also keeps tokens at even steps through the picture, about three for each that stands out.</summary>
/// <remarks>
/// <para><i>LLaVA-PruMerge: Adaptive Token Reduction for Efficient Large Multimodal Models</i>, arXiv 2403.15388, ICCV 2025.</para>
/// <para>
/// When the picture decides (<see cref="PruMerge.Adaptive"/>), steps are a third of the mean distance between outliers, and the last patch is never met, as in the authors' code. How others meet a
/// fixed budget is not published; here a quarter of it goes by attention and the others lie at even steps among the rest. The authors' training path keeps some tokens twice, which no selection can;
/// <see cref="NeighbourSums"/> can.
/// </para>
/// </remarks>
public sealed record PruMergePlus : PruMerge
{
    /// <summary>The share of a given budget that goes by attention: the rest lies at even steps.</summary>
    public double TopShare
    {
        get;
        init => field = value is >= 0 and <= 1 ? value : throw new ArgumentOutOfRangeException(nameof(TopShare), value, $"What goes by attention is a share of the budget, 0 to 1; it was {value}.");
    } = 0.25;

    /// <inheritdoc/>
    protected override Choice Choice => Choose.TopAndEven(TopShare);

    /// <inheritdoc/>
    protected override long[] StandOut(Ranking ranking, double ratio)
    {
        long[] outliers = base.StandOut(ranking, ratio);
        int step = Math.Max(1, ratio > 0 ? (int)(1 / ratio) / 3 : ranking.Count / 3);
        var even = Enumerable.Range(0, ranking.Count - 1).Where(place => place % step == 0).Select(place => (long)place);
        return [.. outliers, .. even.Except(outliers)];
    }
}
