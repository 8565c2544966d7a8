using static TorchSharp.torch;

namespace PruneNotebooks.Benchmarks.Ports;

/// <summary>SCOPE's published sequence of operations (arXiv 2510.24214): all similarities, then in every step the gain of every token over all others anew.</summary>
internal static class ScopePort
{
    /// <param name="features"><c>[N, D]</c>.</param>
    /// <param name="saliency">Attention of the class token, <c>[N]</c>.</param>
    /// <param name="keep">How many stay.</param>
    /// <returns>The kept rows in raster order, <c>[keep, D]</c>.</returns>
    public static Tensor Prune(Tensor features, Tensor saliency, int keep)
    {
        var unit = features / features.norm(1, keepdim: true);
        var similarity = unit.mm(unit.t());
        var covered = zeros(features.shape[0]);
        var chosen = zeros(features.shape[0], ScalarType.Bool);
        for (int i = 0; i < keep; i++)
        {
            using var step = NewDisposeScope();
            var gain = (similarity - covered.unsqueeze(1)).clamp_min(0).sum([0]) * saliency;
            long best = gain.masked_fill(chosen, double.NegativeInfinity).argmax().item<long>();
            chosen[best] = true;
            covered.copy_(maximum(covered, similarity[best]));
        }
        return features.index_select(0, chosen.nonzero().squeeze(1));
    }
}
