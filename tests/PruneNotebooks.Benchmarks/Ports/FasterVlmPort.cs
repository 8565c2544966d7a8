using static TorchSharp.torch;

namespace PruneNotebooks.Benchmarks.Ports;

/// <summary>FasterVLM's published sequence of operations (arXiv 2412.01818 v1).</summary>
internal static class FasterVlmPort
{
    /// <param name="attention">Weights of a layer of the tower, the class token first, <c>[H, 1 + N, 1 + N]</c>.</param>
    /// <param name="features"><c>[N, D]</c>.</param>
    /// <param name="keep">How many stay.</param>
    /// <returns>The kept rows in raster order, <c>[keep, D]</c>.</returns>
    public static Tensor Prune(Tensor attention, Tensor features, int keep)
    {
        long tokens = features.shape[0];
        var scores = attention.select(1, 0).narrow(1, 1, tokens).mean([0]);
        var mask = zeros(tokens, ScalarType.Bool, features.device);
        mask.index_fill_(0, scores.topk(keep).indexes, true);
        return features[mask];
    }
}
