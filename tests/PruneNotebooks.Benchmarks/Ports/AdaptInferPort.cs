using static TorchSharp.torch;

namespace PruneNotebooks.Benchmarks.Ports;

/// <summary>AdaptInfer's published sequence of operations at one stage (arXiv 2508.06084).</summary>
internal static class AdaptInferPort
{
    /// <param name="attention">Weights of the layer before, <c>[H, T, T]</c>.</param>
    /// <param name="hidden">Hidden states, <c>[T, D]</c>.</param>
    /// <param name="start">Where the visual tokens start.</param>
    /// <param name="tokens">How many there are.</param>
    /// <param name="keep">How many stay.</param>
    /// <returns>The shorter sequence, <c>[T - N + keep, D]</c>.</returns>
    public static Tensor Prune(Tensor attention, Tensor hidden, int start, int tokens, int keep)
    {
        long length = hidden.shape[0], end = start + tokens, text = length - end;
        var rows = attention.narrow(1, end, text);
        var among = rows.narrow(2, end, text);
        var symmetric = among + among.transpose(1, 2) - diag_embed(among.diagonal(0, 1, 2));
        var importance = symmetric.sum(1);
        var scores = (importance.unsqueeze(-1) * rows.narrow(2, start, tokens)).sum(1).sum([0]);
        var top = scores.topk(keep).indexes.sort().Values + start;
        return cat([hidden.narrow(0, 0, start), hidden.index_select(0, top), hidden.narrow(0, end, text)]);
    }
}
