using static TorchSharp.torch;

namespace PruneNotebooks.Benchmarks.Ports;

/// <summary>IDPruner's published sequence of operations (arXiv 2602.13315): all similarities, then maximal marginal relevance.</summary>
internal static class IdPrunerPort
{
    const double Lambda = 0.5;

    /// <param name="features"><c>[N, D]</c>.</param>
    /// <param name="importance"><c>[N]</c>.</param>
    /// <param name="keep">How many stay.</param>
    /// <returns>The kept rows in raster order, <c>[keep, D]</c>.</returns>
    public static Tensor Prune(Tensor features, Tensor importance, int keep)
    {
        var stretched = (importance - importance.min()) / (importance.max() - importance.min() + 1e-6);
        var unit = features / (features.norm(1, keepdim: true) + 1e-8);
        var similarity = unit.mm(unit.t());
        var resemblance = full(features.shape[0], -2.0);
        var chosen = zeros(features.shape[0], ScalarType.Bool);
        for (int i = 0; i < keep; i++)
        {
            using var step = NewDisposeScope();
            var score = i == 0 ? stretched : Lambda * stretched - (1 - Lambda) * resemblance;
            var best = score.masked_fill(chosen, double.NegativeInfinity).topk(1).indexes;
            chosen.index_fill_(0, best, 1);
            resemblance.copy_(maximum(resemblance, similarity.index_select(1, best).max(1).values));
        }
        return features.index_select(0, chosen.nonzero().squeeze(1));
    }
}
