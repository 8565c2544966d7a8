using static TorchSharp.torch;

namespace PruneNotebooks.Benchmarks.Ports;

/// <summary>CATP's first stage as its equations say (arXiv 2508.07871): facility location on rescaled cosines plus alignment, in every step the gain of every token over all others anew.</summary>
internal static class CatpPort
{
    /// <param name="features"><c>[N, D]</c>.</param>
    /// <param name="text"><c>[T, D]</c>.</param>
    /// <param name="keep">How many stay.</param>
    /// <returns>The kept rows in raster order, <c>[keep, D]</c>.</returns>
    public static Tensor Prune(Tensor features, Tensor text, int keep)
    {
        var unit = nn.functional.normalize(features, p: 2, dim: 1);
        var similarity = (1 + unit.mm(unit.t())) / 2;
        var aligned = (1 + unit.mv(nn.functional.normalize(text.mean([0]), p: 2, dim: 0))) / 2;
        var covered = zeros(features.shape[0]);
        var chosen = zeros(features.shape[0], ScalarType.Bool);
        for (int k = 0; k < keep; k++)
        {
            using var step = NewDisposeScope();
            var gain = (similarity - covered.unsqueeze(1)).clamp_min(0).sum(dim: 0) + 0.7 * aligned;
            long pick = gain.masked_fill(chosen, double.NegativeInfinity).argmax().item<long>();
            chosen[pick] = true;
            covered.copy_(maximum(covered, similarity[pick]));
        }
        return features[chosen];
    }
}
