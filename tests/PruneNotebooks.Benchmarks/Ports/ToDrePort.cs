using static TorchSharp.torch;

namespace PruneNotebooks.Benchmarks.Ports;

/// <summary>ToDRE's stage 1 as its Algorithm 1 says it (arXiv 2505.18757 v2): one product of all tokens with the last chosen one in every step.</summary>
internal static class ToDrePort
{
    /// <param name="features"><c>[N, D]</c>.</param>
    /// <param name="attention">Attention of the class token, <c>[N]</c>.</param>
    /// <param name="keep">How many stay.</param>
    /// <returns>The kept rows in raster order, <c>[keep, D]</c>.</returns>
    public static Tensor Prune(Tensor features, Tensor attention, int keep)
    {
        var unit = features / features.norm(1, keepdim: true);
        var sum = zeros(features.shape[0]);
        long[] chosen = new long[keep];
        chosen[0] = attention.argmax().item<long>();
        for (int i = 1; i < keep; i++)
        {
            using var step = NewDisposeScope();
            sum.add_(unit.mv(unit[chosen[i - 1]]));
            sum[chosen[i - 1]] = double.PositiveInfinity;
            chosen[i] = sum.argmin().item<long>();
        }
        return features.index_select(0, tensor(chosen).sort().Values);
    }
}
