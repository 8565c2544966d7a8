using static TorchSharp.torch;

namespace PruneNotebooks.Benchmarks.Ports;

/// <summary>ZOO-Prune's published choice (arXiv 2509.24837), the sensitivities given: all similarities, then in every step the minimum over the gathered rows of all chosen tokens.</summary>
internal static class ZooPrunePort
{
    /// <param name="features">Projected tokens, <c>[N, D]</c>.</param>
    /// <param name="sensitivity"><c>[N]</c>.</param>
    /// <param name="keep">How many stay.</param>
    /// <returns>The kept rows in raster order, <c>[keep, D]</c>.</returns>
    public static Tensor Prune(Tensor features, Tensor sensitivity, int keep)
    {
        var weights = (sensitivity - sensitivity.min()) / (sensitivity.max() - sensitivity.min() + 1e-8);
        var unit = features / features.norm(1, keepdim: true).clamp_min(1e-8);
        var distance = 1 - unit.mm(unit.t());
        var chosen = empty(keep, ScalarType.Int64);
        for (int i = 0; i < keep; i++)
        {
            using var step = NewDisposeScope();
            var score = i == 0 ? weights : weights * distance.index_select(0, chosen.narrow(0, 0, i)).min(0).values;
            if (i > 0) score.index_fill_(0, chosen.narrow(0, 0, i), double.NegativeInfinity);
            chosen[i] = score.argmax();
        }
        return features.index_select(0, chosen.sort().Values);
    }
}
