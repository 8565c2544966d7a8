using static TorchSharp.torch;

namespace PruneNotebooks.Benchmarks.Ports;

/// <summary>PyramidDrop's published sequence of operations at one stage (arXiv 2410.17247).</summary>
internal static class PyramidDropPort
{
    /// <param name="query">Queries of the next layer, <c>[H, T, d]</c>.</param>
    /// <param name="key">Its keys.</param>
    /// <param name="hidden">Hidden states, <c>[T, D]</c>.</param>
    /// <param name="start">Where the visual tokens start.</param>
    /// <param name="tokens">How many there are.</param>
    /// <param name="keep">How many stay.</param>
    /// <returns>The shorter sequence, <c>[T - N + keep, D]</c>.</returns>
    public static Tensor Prune(Tensor query, Tensor key, Tensor hidden, int start, int tokens, int keep)
    {
        long length = hidden.shape[0];
        var last = query.narrow(1, length - 1, 1);
        var weights = (last.matmul(key.transpose(1, 2)) / Math.Sqrt(query.shape[2])).softmax(-1, ScalarType.Float32);
        var ofImage = weights.mean([0]).select(0, 0).narrow(0, start, tokens);
        var top = ofImage.topk(keep).indexes.sort().Values + start;
        return cat([hidden.narrow(0, 0, start), hidden.index_select(0, top), hidden.narrow(0, start + tokens, length - start - tokens)]);
    }
}
