using static TorchSharp.torch;

namespace PruneNotebooks.Benchmarks.Ports;

/// <summary>FastV's published sequence of operations (arXiv 2403.06764).</summary>
internal static class FastVPort
{
    /// <param name="attention">Weights of the layer before, <c>[H, T, T]</c>.</param>
    /// <param name="hidden">Hidden states, <c>[T, D]</c>.</param>
    /// <param name="start">Where the visual tokens start.</param>
    /// <param name="tokens">How many there are.</param>
    /// <param name="keep">How many stay.</param>
    /// <returns>The shorter sequence, <c>[T - N + keep, D]</c>.</returns>
    public static Tensor Prune(Tensor attention, Tensor hidden, int start, int tokens, int keep)
    {
        long length = hidden.shape[0];
        var mean = attention.mean([0]);
        var ofImage = mean.select(0, length - 1).narrow(0, start, tokens);
        var top = ofImage.topk(keep).indexes + start;
        var kept = cat([arange(start, ScalarType.Int64, hidden.device), top, arange(start + tokens, length, ScalarType.Int64, hidden.device)]);
        return hidden.index_select(0, kept.sort().Values);
    }
}
