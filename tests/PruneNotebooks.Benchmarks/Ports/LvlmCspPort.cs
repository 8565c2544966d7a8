using static TorchSharp.torch;

namespace PruneNotebooks.Benchmarks.Ports;

/// <summary>LVLM_CSP's clustering by the class token (arXiv 2504.10854), from its equation: softmax over the patches.</summary>
internal static class LvlmCspPort
{
    /// <param name="query">Queries of a layer of the tower, the class token first, <c>[H, 1 + N, d]</c>.</param>
    /// <param name="key">Its keys, <c>[H, 1 + N, d]</c>.</param>
    /// <param name="features"><c>[N, D]</c>.</param>
    /// <param name="keep">How many stand for the picture.</param>
    /// <returns>Their rows in raster order, <c>[keep, D]</c>.</returns>
    public static Tensor Prune(Tensor query, Tensor key, Tensor features, int keep)
    {
        var patches = key.narrow(1, 1, features.shape[0]);
        var scores = (query.narrow(1, 0, 1).matmul(patches.transpose(1, 2)) / Math.Sqrt(query.shape[2])).softmax(-1).mean([0]).squeeze(0);
        return features.index_select(0, scores.topk(keep).indexes.sort().Values);
    }
}
