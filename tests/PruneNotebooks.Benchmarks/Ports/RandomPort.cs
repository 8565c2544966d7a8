using static TorchSharp.torch;

namespace PruneNotebooks.Benchmarks.Ports;

/// <summary>Random tokens as published baselines draw them: a random permutation, cut off.</summary>
internal static class RandomPort
{
    /// <param name="features"><c>[N, D]</c>.</param>
    /// <param name="keep">How many stay.</param>
    /// <returns>The kept rows in raster order, <c>[keep, D]</c>.</returns>
    public static Tensor Prune(Tensor features, int keep)
    {
        var kept = randperm(features.shape[0], ScalarType.Int64, features.device).narrow(0, 0, keep);
        return features.index_select(0, kept.sort().Values);
    }
}
