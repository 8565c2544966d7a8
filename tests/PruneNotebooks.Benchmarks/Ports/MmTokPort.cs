using static TorchSharp.torch;

namespace PruneNotebooks.Benchmarks.Ports;

/// <summary>MMTok's published sequence of operations (arXiv 2508.18264): both softmaxed similarities stacked, then in every step the gain of every token over all rows anew.</summary>
internal static class MmTokPort
{
    /// <param name="features">Behind the projector, <c>[N, D]</c>.</param>
    /// <param name="picture">Before it, <c>[N, Dv]</c>.</param>
    /// <param name="words"><c>[M, D]</c>.</param>
    /// <param name="keep">How many stay.</param>
    /// <returns>The kept rows in raster order, <c>[keep, D]</c>.</returns>
    public static Tensor Prune(Tensor features, Tensor picture, Tensor words, int keep)
    {
        Tensor Unit(Tensor rows) => nn.functional.normalize(rows, p: 2, dim: 1, eps: 1e-8);
        var v = Unit(picture);
        var toWords = (Unit(words).mm(Unit(features).t()) / 0.02).softmax(-1) / words.shape[0];
        var affinity = cat([toWords, 0.5 * (v.mm(v.t()) / 0.2).softmax(-1) / features.shape[0]]);
        var best = zeros(affinity.shape[0]);
        var chosen = zeros(features.shape[0], ScalarType.Bool);
        for (int k = 0; k < keep; k++)
        {
            using var step = NewDisposeScope();
            var gain = (affinity - best.unsqueeze(1)).clamp_min(0).sum(dim: 0).masked_fill(chosen, double.NegativeInfinity);
            long pick = gain.argmax().item<long>();
            chosen[pick] = true;
            best.copy_(maximum(best, affinity.select(1, pick)));
        }
        return features[chosen];
    }
}
