using static TorchSharp.torch;

namespace PruneNotebooks.Benchmarks.Ports;

/// <summary>LRS-VQA's published sequence of operations (arXiv 2503.07588) for pictures without newlines: a softmax over the local tokens, the mean over heads, the top share.</summary>
internal static class LrsVqaPort
{
    /// <param name="logits">Of the last prompt token, <c>[H, 1, T]</c>.</param>
    /// <param name="start">Where the local tokens start.</param>
    /// <param name="features"><c>[N, D]</c>.</param>
    /// <param name="keep">How many stay.</param>
    /// <returns>The kept rows in raster order, <c>[keep, D]</c>.</returns>
    public static Tensor Prune(Tensor logits, int start, Tensor features, int keep)
    {
        var local = logits.narrow(2, start, features.shape[0]).softmax(-1, ScalarType.Float32).mean([0]).squeeze(0);
        return features.index_select(0, local.topk(keep).indexes.sort().Values);
    }
}
