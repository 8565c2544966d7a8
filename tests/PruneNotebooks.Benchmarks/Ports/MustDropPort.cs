using static TorchSharp.torch;

namespace PruneNotebooks.Benchmarks.Ports;

/// <summary>MustDrop's published sequence of operations behind a decoder layer (arXiv 2411.10803).</summary>
internal static class MustDropPort
{
    /// <param name="attention">Weights of the layer, <c>[H, T, T]</c>.</param>
    /// <param name="key">The tokens that may not leave, <c>[K]</c>.</param>
    /// <param name="hidden">Hidden states, <c>[T, D]</c>.</param>
    /// <param name="start">Where the visual tokens start.</param>
    /// <param name="tokens">How many there are.</param>
    /// <param name="global">Threshold of the text as a whole.</param>
    /// <param name="individual">Threshold of every text token.</param>
    /// <returns>The visual tokens that are left, <c>[N', D]</c>.</returns>
    public static Tensor Prune(Tensor attention, Tensor key, Tensor hidden, int start, int tokens, double global, double individual)
    {
        var mean = attention.mean([0]);
        int end = start + tokens;
        var text = mean.narrow(0, end, mean.shape[0] - end).narrow(1, start, tokens);
        var sum = text.sum([0]);
        var weak = (sum < global * sum.sum()).logical_and(text.max(0).values < individual);
        var (kept, _, _) = cat([weak.logical_not().nonzero().flatten(), key]).unique();
        return hidden.narrow(0, start, tokens).index_select(0, kept);
    }
}
