using static TorchSharp.torch;

namespace PruneNotebooks.Benchmarks.Ports;

/// <summary>HiPrune's published sequence of operations (arXiv 2508.00553).</summary>
internal static class HiPrunePort
{
    const double Alpha = 0.1;

    /// <param name="objectAttention">Weights of the object layer, the class token first, <c>[H, 1 + N, 1 + N]</c>.</param>
    /// <param name="deepAttention">Weights of the deep layer, <c>[H, 1 + N, 1 + N]</c>.</param>
    /// <param name="features"><c>[N, D]</c>.</param>
    /// <param name="width">Columns of the grid.</param>
    /// <param name="keep">How many stay.</param>
    /// <returns>The kept rows in raster order, <c>[keep, D]</c>.</returns>
    public static Tensor Prune(Tensor objectAttention, Tensor deepAttention, Tensor features, int width, int keep)
    {
        long tokens = features.shape[0];
        var objects = Received(objectAttention);
        var deep = Received(deepAttention);
        var anchors = objects.topk((int)Math.Round(keep * Alpha / 5)).indexes;
        var (candidates, _, _) = cat([anchors, anchors - 1, anchors + 1, anchors - width, anchors + width]).clamp(0, tokens - 1).unique();
        deep.index_add_(0, candidates, full(candidates.shape[0], -1f), 1);
        var registers = deep.topk(keep - (int)candidates.shape[0]).indexes;
        return features.index_select(0, cat([candidates, registers]).sort().Values);
    }

    // Over heads, then over all queries; the class token's column is cut off.
    static Tensor Received(Tensor attention) => attention.mean([0]).mean([0]).narrow(0, 1, attention.shape[2] - 1).clone();
}
