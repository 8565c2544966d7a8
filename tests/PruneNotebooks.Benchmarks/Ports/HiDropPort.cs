using static TorchSharp.torch;

namespace PruneNotebooks.Benchmarks.Ports;

/// <summary>What HiDrop's paper says of a filtering layer (arXiv 2602.23699): the last token's query against the visual keys only.</summary>
internal static class HiDropPort
{
    /// <param name="query">Queries of the layer, <c>[H, T, d]</c>.</param>
    /// <param name="key">Its keys.</param>
    /// <param name="hidden">Its output, <c>[T, D]</c>.</param>
    /// <param name="start">Where the visual tokens start.</param>
    /// <param name="tokens">How many there are.</param>
    /// <param name="keep">How many stay.</param>
    /// <returns>The shorter sequence, <c>[T - N + keep, D]</c>.</returns>
    public static Tensor Prune(Tensor query, Tensor key, Tensor hidden, int start, int tokens, int keep)
    {
        long length = hidden.shape[0];
        var logits = query.narrow(1, length - 1, 1).matmul(key.narrow(1, start, tokens).transpose(1, 2)) / Math.Sqrt(query.shape[2]);
        var top = logits.softmax(-1).mean([0]).select(0, 0).topk(keep).indexes.sort().Values + start;
        return cat([hidden.narrow(0, 0, start), hidden.index_select(0, top), hidden.narrow(0, start + tokens, length - start - tokens)]);
    }
}
