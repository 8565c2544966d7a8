using PruneNotebooks.Primitives;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Parts;

public static partial class Mend
{
    /// <summary>The best of the tokens that were not chosen come back as the means of a few clusters (<see cref="DensityPeaks"/>), behind those that were; the others are lost.</summary>
    /// <param name="share">The share of them that is clustered.</param>
    /// <param name="perCluster">How many of those make one token.</param>
    public static Repair RecycleClusters(double share = 0.3, int perCluster = 10) => new RecycledClusters(share, perCluster);
}

/// <summary>Token recycling of <i>SparseVLM</i>, arXiv 2410.04417: of p tokens that leave, the best <c>m = trunc(share * p) + 1</c> become <c>trunc(m / perCluster) + 1</c>.</summary>
/// <param name="Share">The share of tokens that is clustered, 0 to 1.</param>
/// <param name="PerCluster">How many of those make one token.</param>
public sealed record RecycledClusters(double Share, int PerCluster) : Repair
{
    /// <summary>How many merged tokens come of so many that leave.</summary>
    public int Merged(int leaving) => leaving == 0 ? 0 : Recycled(leaving) / PerCluster + 1;

    /// <summary>How many of so many that leave are merged.</summary>
    public int Recycled(int leaving) => leaving == 0 ? 0 : Math.Min(leaving, Rounding.Down.Apply(Share * leaving) + 1);

    /// <inheritdoc/>
    /// <remarks>One more chosen token means as many merged ones, or one less: so every budget can be met. One too small for any chosen token is filled with merged ones.</remarks>
    public override int Reserve(int keep, int tokens)
    {
        int chosen = keep;
        while (chosen > 0 && chosen + Merged(tokens - chosen) > keep) chosen--;
        return keep - chosen;
    }

    /// <summary>The tokens that come back merged, best first.</summary>
    public long[] Recycled(Ranking ranking, Chosen chosen)
    {
        ArgumentNullException.ThrowIfNull(ranking);
        ArgumentNullException.ThrowIfNull(chosen);
        return ranking.Top(Recycled(ranking.Count - chosen.Order.Count), except: [.. chosen.Order]);
    }

    /// <inheritdoc/>
    public override TokenSelection Apply(PruningContext context, Ranking ranking, Chosen chosen, int keep)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(ranking);
        ArgumentNullException.ThrowIfNull(chosen);
        float[] scores = chosen.Painted(ranking);
        int merged = keep - chosen.Order.Count;
        if (merged == 0) return new TokenSelection(chosen.Order, context.Tokens, scores);
        using var scope = NewDisposeScope();
        long[] kept = [.. chosen.Order.Order()], recycled = Recycled(ranking, chosen);
        var clustered = Rows(recycled);
        var clusters = DensityPeaks.Of(clustered, merged);
        // A merged token takes the place of its cluster's centre.
        return TokenSelection.InOrder([.. kept, .. clusters.Centres.Select(centre => recycled[centre])], context.Tokens, scores, cat([Rows(kept), clusters.Means(clustered)]));

        Tensor Rows(long[] tokens) => context.Features.index_select(0, tensor(tokens, ScalarType.Int64, context.Features.device));
    }

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"the best {100 * Share:0.##} % of the others merged, about {PerCluster} into one");
}
