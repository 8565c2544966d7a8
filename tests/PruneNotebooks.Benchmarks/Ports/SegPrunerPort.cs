using static TorchSharp.torch;

namespace PruneNotebooks.Benchmarks.Ports;

/// <summary>SeGPruner's published sequence of operations (arXiv 2603.29437): all residual tokens meet each diverse one as it is chosen.</summary>
internal static class SegPrunerPort
{
    /// <param name="attention">Attention received, <c>[H, N]</c>.</param>
    /// <param name="features"><c>[N, D]</c>.</param>
    /// <param name="points"><c>[N, 3]</c>.</param>
    /// <param name="keep">How many stay, half of them by attention.</param>
    /// <returns>The kept rows in raster order, <c>[keep, D]</c>.</returns>
    public static Tensor Prune(Tensor attention, Tensor features, Tensor points, int keep)
    {
        var order = attention.mean([0]).sort(0, descending: true).Indices;
        int important = keep / 2, diverse = keep - important;
        var residual = order.narrow(0, important, order.shape[0] - important);
        var (f, c) = (nn.functional.normalize(features, p: 2, dim: 1).index_select(0, residual), points.index_select(0, residual));
        var distance = full(residual.shape[0], 1e10f);
        var mask = zeros(features.shape[0], ScalarType.Bool);
        mask.index_fill_(0, order.narrow(0, 0, important), true);
        long current = 0;
        Tensor? length = null;
        for (int k = 0; k < diverse; k++)
        {
            using var step = NewDisposeScope();
            mask[residual[current]] = true;
            var inSpace = (c - c[current]).norm(1);
            length ??= inSpace.max().MoveToOuterDisposeScope();
            var mixed = 0.5 * inSpace / length + 0.5 * (1 - f.mv(f[current]));
            distance.copy_(minimum(distance, mixed));
            current = distance.argmax().item<long>();
        }
        return features[mask];
    }
}
