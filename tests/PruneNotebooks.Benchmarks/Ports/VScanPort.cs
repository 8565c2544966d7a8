using static TorchSharp.torch;

namespace PruneNotebooks.Benchmarks.Ports;

/// <summary>VScan's published sequence of operations behind the projector (arXiv 2505.22654): window by window, then each dropped token to its nearest, by index and scatter.</summary>
internal static class VScanPort
{
    /// <param name="shallow">Attention of the class token in the shallow layer, <c>[H, N]</c>.</param>
    /// <param name="deep">The same in the deep layer.</param>
    /// <param name="features"><c>[N, D]</c>.</param>
    /// <param name="height">Rows of the grid.</param>
    /// <param name="width">Columns.</param>
    /// <param name="keep">How many stay; half of it divides by the number of windows.</param>
    /// <param name="window">Rows and columns of a window.</param>
    /// <returns>The merged rows in raster order.</returns>
    public static Tensor Reduce(Tensor shallow, Tensor deep, Tensor features, int height, int width, int keep, int window = 6)
    {
        var (near, far) = (shallow.mean([0]).view(height, width), deep.mean([0]).clone());
        int down = height / window, across = width / window, each = keep / 2 / (down * across);
        List<Tensor> best = [];
        for (int row = 0; row < down; row++)
            for (int column = 0; column < across; column++)
            {
                var top = near.narrow(0, row * window, window).narrow(1, column * window, window).reshape(-1).topk(each).indexes;
                best.Add(((top.div(window, RoundingMode.floor) + (row * window)) * width) + top.remainder(window) + (column * window));
            }
        var local = cat(best);
        far.index_fill_(0, local, 0);
        var kept = cat([local, far.topk(keep - (keep / 2)).indexes]).sort().Values;
        var dropped = ones(features.shape[0], ScalarType.Bool).index_fill_(0, kept, 0).nonzero().squeeze(1);
        var unit = features / features.norm(1, keepdim: true);
        var nearest = unit.index_select(0, dropped).mm(unit.index_select(0, kept).t()).argmax(1);
        var sums = features.index_select(0, kept).scatter_add_(0, nearest.unsqueeze(1).expand(dropped.shape[0], features.shape[1]), features.index_select(0, dropped));
        var counts = ones(kept.shape[0]).scatter_add_(0, nearest, ones(dropped.shape[0]));
        return sums / counts.unsqueeze(1);
    }
}
