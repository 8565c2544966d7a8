using static TorchSharp.torch;

namespace PruneNotebooks.Benchmarks.Ports;

/// <summary>VisPruner's published sequence of operations (arXiv 2412.01818 v2): in every round the similarities of all even to all odd places anew.</summary>
internal static class VisPrunerPort
{
    /// <param name="features"><c>[N, D]</c>.</param>
    /// <param name="score">Attention of the class token, mean over heads, <c>[N]</c>.</param>
    /// <param name="keep">How many stay; N less half of it is even, or the published code fails.</param>
    /// <returns>The kept rows in raster order, <c>[keep, D]</c>.</returns>
    public static Tensor Prune(Tensor features, Tensor score, int keep)
    {
        var order = score.argsort(descending: true);
        int important = keep / 2, diverse = keep - important;
        var residual = order.narrow(0, important, order.shape[0] - important);
        var unit = features / features.norm(1, keepdim: true);
        while (residual.shape[0] > diverse)
        {
            using var round = NewDisposeScope();
            long remove = Math.Min(8, residual.shape[0] - diverse);
            var pairs = residual.narrow(0, 0, residual.shape[0] / 2 * 2).view(-1, 2);
            var (even, odd) = (pairs.select(1, 0), pairs.select(1, 1));
            if (residual.shape[0] % 2 == 1) even = cat([even, residual.narrow(0, residual.shape[0] - 1, 1)]);
            var similarity = unit.index_select(0, even).mm(unit.index_select(0, odd).t()).max(1).values;
            var distinct = similarity.argsort(descending: true);
            distinct = distinct.narrow(0, remove, distinct.shape[0] - remove);
            residual = cat([even.index_select(0, distinct), odd]).MoveToOuterDisposeScope();
        }
        return features.index_select(0, cat([order.narrow(0, 0, important), residual]).sort().Values);
    }
}
