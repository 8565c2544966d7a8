using static TorchSharp.torch;

namespace PruneNotebooks.Benchmarks.Ports;

/// <summary>VFlowOpt's published sequence of operations before the decoder (arXiv 2508.05211): cells are made token by token and merged one by one.</summary>
internal static class VFlowOptPort
{
    /// <param name="attention">Weights among patches, <c>[H, N, N]</c>.</param>
    /// <param name="features"><c>[N, D]</c>.</param>
    /// <param name="width">Columns of the grid.</param>
    /// <param name="threshold">A patch is important if it receives more than this times the mean.</param>
    /// <param name="side">Side of a cell.</param>
    /// <param name="keep">How many stay, up to how many cells there are.</param>
    /// <returns>The tokens in raster order.</returns>
    public static Tensor Prune(Tensor attention, Tensor features, int width, double threshold, double side, int keep)
    {
        int tokens = (int)features.shape[0];
        var mean = attention.mean([0]);
        var received = mean.mean([0]);
        var importance = mean.index_select(0, (received > threshold * received.mean()).nonzero().flatten()).mean([0]);
        int extra = (int)(tokens / (side * side));
        var low = importance.argsort(0, descending: false).narrow(0, 0, Math.Min(tokens, tokens - keep + extra));
        Dictionary<(int, int), List<long>> cells = [];
        foreach (long token in low.data<long>())
        {
            var cell = ((int)(token / width / side), (int)(token % width / side));
            if (!cells.TryGetValue(cell, out var members)) cells[cell] = members = [];
            members.Add(token);
        }
        var stays = ones(tokens, ScalarType.Bool);
        stays.index_fill_(0, low, false);
        var result = features.clone();
        foreach (var members in cells.Values)
        {
            var index = tensor(members.ToArray(), ScalarType.Int64);
            var weights = importance.index_select(0, index);
            long seat = members[(int)weights.argmax().item<long>()];
            result[seat] = (features.index_select(0, index) * weights.unsqueeze(1)).sum([0]) / weights.sum();
            stays[seat] = tensor(true);
        }
        return result[stays];
    }
}
