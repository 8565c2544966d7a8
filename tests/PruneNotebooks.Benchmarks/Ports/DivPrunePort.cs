using static TorchSharp.torch;

namespace PruneNotebooks.Benchmarks.Ports;

/// <summary>DivPrune's published sequence of operations (arXiv 2503.02175): all distances, then in every step the minimum over the gathered rows of all chosen tokens.</summary>
internal static class DivPrunePort
{
    /// <param name="features"><c>[N, D]</c>.</param>
    /// <param name="keep">How many stay.</param>
    /// <returns>The kept rows in raster order, <c>[keep, D]</c>.</returns>
    public static Tensor Prune(Tensor features, int keep)
    {
        var unit = features / features.norm(1, keepdim: true);
        var distance = 1 - unit.mm(unit.t());
        var chosen = empty(keep, ScalarType.Int64, features.device);
        for (int i = 0; i < keep; i++)
        {
            using var step = NewDisposeScope();
            // The nearest token is the token itself, so the first choice looks at the second nearest.
            var scores = i == 0
                ? distance.topk(2, dim: 0, largest: false).values[1]
                : distance.index_select(0, chosen.narrow(0, 0, i)).min(0).values;
            chosen[i] = scores.argmax();
        }
        return features.index_select(0, chosen.sort().Values);
    }
}
