using static TorchSharp.torch;

namespace PruneNotebooks.Benchmarks.Ports;

/// <summary>SparseVLM's published sequence of operations at one stage (arXiv 2410.04417), raters included; ties of density as in the library, by order instead of noise.</summary>
internal static class SparseVlmPort
{
    /// <param name="attention">Weights of the layer before, <c>[H, T, T]</c>.</param>
    /// <param name="hidden">Hidden states, <c>[T, D]</c>.</param>
    /// <param name="start">Where the visual tokens start.</param>
    /// <param name="tokens">How many there are.</param>
    /// <param name="keep">How many stay as they are.</param>
    /// <returns>The shorter sequence: text, kept tokens, merged tokens, text.</returns>
    public static Tensor Prune(Tensor attention, Tensor hidden, int start, int tokens, int keep)
    {
        long length = hidden.shape[0], end = start + tokens, text = length - end;
        Tensor visual = hidden.narrow(0, start, tokens), question = hidden.narrow(0, end, text);
        var share = visual.matmul(question.t()).softmax(1).mean([0]);
        var raters = share.gt(share.mean()).nonzero().flatten() + end;

        var scores = attention.mean([0]).index_select(0, raters).narrow(1, start, tokens).mean([0]);
        var order = scores.sort(descending: true).Indices;
        var kept = order.narrow(0, 0, keep).sort().Values;
        int leaving = tokens - keep, recycled = (int)(0.3 * leaving) + 1;
        var merged = Merge(visual.index_select(0, order.narrow(0, keep, recycled)), recycled / 10 + 1);
        return cat([hidden.narrow(0, 0, start), visual.index_select(0, kept), merged, question]);
    }

    static Tensor Merge(Tensor x, int clusters)
    {
        long count = x.shape[0];
        var distance = cdist(x, x) / Math.Sqrt(x.shape[1]);
        var density = (-distance.topk(clusters, largest: false).values.square().mean([-1])).exp();
        var denser = density.unsqueeze(0).gt(density.unsqueeze(1)).to_type(ScalarType.Float32);
        var toDenser = (distance * denser + distance.max() * (1 - denser)).min(-1).values;
        var centres = (toDenser * density).topk(clusters).indexes;
        var assignment = distance.index_select(0, centres).argmin(0);
        assignment.index_copy_(0, centres, arange(clusters, ScalarType.Int64));
        var members = nn.functional.one_hot(assignment, clusters).to_type(ScalarType.Float32);
        return members.t().matmul(x) / (members.sum([0]).unsqueeze(1) + 1e-6);
    }
}
