using static TorchSharp.torch;

namespace PruneNotebooks.Benchmarks.Ports;

/// <summary>CDPruner's published sequence of operations (arXiv 2506.10967), the relevance given: the kernel of all pairs, then fast greedy MAP inference.</summary>
internal static class CdPrunerPort
{
    /// <param name="features"><c>[N, D]</c>.</param>
    /// <param name="relevance"><c>[N]</c>.</param>
    /// <param name="keep">How many stay.</param>
    /// <returns>The kept rows in raster order, <c>[keep, D]</c>.</returns>
    public static Tensor Prune(Tensor features, Tensor relevance, int keep)
    {
        var quality = (relevance - relevance.min() + 1e-6) / (relevance.max() - relevance.min());
        var unit = features / features.norm(1, keepdim: true);
        var kernel = quality.unsqueeze(1) * unit.mm(unit.t()) * quality.unsqueeze(0);
        var factor = zeros(keep, features.shape[0]);
        var gains = kernel.diagonal().clone();
        long[] chosen = new long[keep];
        for (int i = 0; i < keep; i++)
        {
            using var step = NewDisposeScope();
            long best = gains.argmax().item<long>();
            chosen[i] = best;
            var row = (kernel[best] - factor.narrow(0, 0, i).t().mv(factor.narrow(0, 0, i).select(1, best))) / gains[best].sqrt();
            factor[i] = row;
            gains.sub_(row.square());
            gains[best] = double.NegativeInfinity;
        }
        return features.index_select(0, tensor(chosen).sort().Values);
    }
}
