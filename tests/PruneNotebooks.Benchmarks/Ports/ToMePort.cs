using static TorchSharp.torch;

namespace PruneNotebooks.Benchmarks.Ports;

/// <summary>Token Merging's published sequence of operations (arXiv 2210.09461) of one block: all edges, gather and scatter.</summary>
internal static class ToMePort
{
    /// <param name="keys"><c>[H, N, d]</c>, no class token.</param>
    /// <param name="features"><c>[N, D]</c>.</param>
    /// <param name="merges">How many tokens go.</param>
    /// <returns><c>[N - merges, D]</c>.</returns>
    public static Tensor Merge(Tensor keys, Tensor features, int merges)
    {
        var metric = keys.mean([0]);
        metric /= metric.norm(1, keepdim: true);
        var (best, partner) = EverySecond(metric, 0).mm(EverySecond(metric, 1).t()).max(1);
        var edges = best.argsort(descending: true);
        var (unmerged, source) = (edges.narrow(0, merges, edges.shape[0] - merges), edges.narrow(0, 0, merges));
        var target = partner.gather(0, source);
        var sizes = ones(features.shape[0], 1);
        var sum = Sum(features * sizes);
        return sum / Sum(sizes);

        Tensor Sum(Tensor x)
        {
            var (even, odd) = (EverySecond(x, 0), EverySecond(x, 1));
            var into = target.unsqueeze(1).expand(merges, x.shape[1]);
            return cat([even.gather(0, unmerged.unsqueeze(1).expand(unmerged.shape[0], x.shape[1])), odd.clone().scatter_add_(0, into, even.gather(0, source.unsqueeze(1).expand(merges, x.shape[1])))]);
        }
    }

    static Tensor EverySecond(Tensor x, long first) => x.index(TensorIndex.Slice(first, null, 2));
}
