using static TorchSharp.torch;

namespace PruneNotebooks.Benchmarks.Ports;

/// <summary>TransPrune's published sequence of operations (arXiv 2507.20630): the transition of one layer, and a stage.</summary>
internal static class TransPrunePort
{
    /// <param name="input">What enters a module, <c>[T, D]</c>.</param>
    /// <param name="output">What leaves it, <c>[T, D]</c>.</param>
    /// <returns><c>[T]</c>.</returns>
    public static Tensor Transition(Tensor input, Tensor output)
    {
        var grown = output.norm(1) / input.norm(1);
        var turned = (1 - nn.functional.cosine_similarity(output, input, 1)).exp();
        return grown * turned / turned.sum();
    }

    /// <param name="query">Queries of the next layer, <c>[H, T, d]</c>.</param>
    /// <param name="key">Its keys.</param>
    /// <param name="mask">What to add, <c>[T, T]</c>: 0 where a query may look, -inf elsewhere.</param>
    /// <param name="transitions">Stored vectors, <c>[M, T]</c>.</param>
    /// <param name="hidden">Hidden states, <c>[T, D]</c>.</param>
    /// <param name="start">Where the visual tokens start.</param>
    /// <param name="tokens">How many there are.</param>
    /// <param name="keep">How many stay.</param>
    /// <returns>The shorter sequence, <c>[T - N + keep, D]</c>.</returns>
    public static Tensor Prune(Tensor query, Tensor key, Tensor mask, Tensor transitions, Tensor hidden, int start, int tokens, int keep)
    {
        long length = hidden.shape[0], end = start + tokens;
        var logits = query.narrow(1, end, length - end).matmul(key.transpose(1, 2)) / Math.Sqrt(query.shape[2]);
        var weights = (logits + mask.narrow(0, end, length - end)).softmax(-1, ScalarType.Float32);
        var attention = weights.mean([0]).mean([0]).narrow(0, start, tokens);
        var transition = transitions.sum([0]).narrow(0, start, tokens);
        var top = (transition / (transition.sum() + 1e-8) + attention / (attention.sum() + 1e-8)).topk(keep).indexes.sort().Values + start;
        return cat([hidden.narrow(0, 0, start), hidden.index_select(0, top), hidden.narrow(0, end, length - end)]);
    }
}
