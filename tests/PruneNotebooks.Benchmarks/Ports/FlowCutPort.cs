using static TorchSharp.torch;

namespace PruneNotebooks.Benchmarks.Ports;

/// <summary>FlowCut's published sequence of operations at the last block at which patches leave (arXiv 2505.19536).</summary>
internal static class FlowCutPort
{
    /// <param name="attention">Weights of the block, the class token first, <c>[H, 1 + N, 1 + N]</c>.</param>
    /// <param name="values">Its values, <c>[H, 1 + N, d]</c>.</param>
    /// <param name="features">Hidden states of the patches behind it, <c>[N, D]</c>.</param>
    /// <param name="earlier">The running scores, <c>[N]</c>.</param>
    /// <param name="keep">How many stay.</param>
    /// <returns>The kept rows in raster order, <c>[keep, D]</c>.</returns>
    public static Tensor Prune(Tensor attention, Tensor values, Tensor features, Tensor earlier, int keep)
    {
        long tokens = features.shape[0];
        var received = attention.mean([0]).select(0, 0).narrow(0, 1, tokens);
        var likeness = values.narrow(1, 0, 1).matmul(values.transpose(1, 2)).softmax(-1).mean([0]).select(0, 0).narrow(0, 1, tokens);
        var size = values.mean([0]).narrow(0, 1, tokens).norm(1, keepdim: false, p: 1);
        var scores = (received / received.sum() + likeness / likeness.sum()) * size;
        var running = 0.5 * earlier + 0.5 * scores;
        return features.index_select(0, running.topk((int)keep).indexes.sort().Values);
    }
}
