using static TorchSharp.torch;

namespace PruneNotebooks.Benchmarks.Ports;

/// <summary>VisionZip's published sequence of operations (arXiv 2412.04467): masks and one-hot matrices.</summary>
internal static class VisionZipPort
{
    /// <param name="attention">Of the class token, <c>[H, N]</c>.</param>
    /// <param name="keys">Of the patches, <c>[H, N, d]</c>.</param>
    /// <param name="features">Of the patches, <c>[N, D]</c>.</param>
    /// <param name="classToken"><c>[1, D]</c>.</param>
    /// <param name="dominant">How many stay, the class token among them.</param>
    /// <param name="contextual">How many the others become.</param>
    /// <returns><c>[dominant + contextual, D]</c>.</returns>
    public static Tensor Compress(Tensor attention, Tensor keys, Tensor features, Tensor classToken, int dominant, int contextual)
    {
        var top = attention.sum([0]).topk(dominant - 1).indexes;
        var mask = ones(features.shape[0], ScalarType.Bool).index_fill_(0, top, 0);
        var kept = features.masked_select(mask.logical_not().unsqueeze(1)).view(dominant - 1, -1);
        var rest = features.masked_select(mask.unsqueeze(1)).view(features.shape[0] - dominant + 1, -1);
        var metric = keys.mean([0]).masked_select(mask.unsqueeze(1)).view(rest.shape[0], -1);
        metric /= metric.norm(1, keepdim: true);
        long step = Math.Max(1, rest.shape[0] / contextual);
        var targets = arange(0, rest.shape[0], step, ScalarType.Int64).narrow(0, 0, contextual);
        var others = ones(rest.shape[0], ScalarType.Bool).index_fill_(0, targets, 0).nonzero().squeeze(1);
        var assignment = metric.index_select(0, others).mm(metric.index_select(0, targets).t()).argmax(1);
        var oneHot = nn.functional.one_hot(assignment, contextual).to_type(ScalarType.Float32);
        var counts = oneHot.sum([0]).clamp_min(1).unsqueeze(1);
        var merged = oneHot.t().mm(rest.index_select(0, others)) / counts;
        return cat([classToken, kept, rest.index_select(0, targets) + merged]);
    }
}
