using static TorchSharp.torch;

namespace PruneNotebooks.Benchmarks.Ports;

/// <summary>HoloV's published sequence of operations (arXiv 2510.02912): crop by crop, first for the quotas, then for the tokens.</summary>
internal static class HoloVPort
{
    const double Alpha = 0.09, Epsilon = 1e-6;

    /// <param name="attention">Weights of a layer of the tower, the class token first, <c>[H, 1 + N, 1 + N]</c>.</param>
    /// <param name="features"><c>[N, D]</c>.</param>
    /// <param name="crops">How many crops.</param>
    /// <param name="keep">How many stay.</param>
    /// <returns>The kept rows, crop by crop and in falling attention, filled with zeros, <c>[keep, D]</c>.</returns>
    public static Tensor Prune(Tensor attention, Tensor features, int crops, int keep)
    {
        int tokens = (int)features.shape[0];
        var received = attention.select(1, 0).narrow(1, 1, tokens).mean([0]);
        int[] sizes = [.. Enumerable.Range(0, crops).Select(crop => tokens / crops + (crop < tokens % crops ? 1 : 0))];
        List<Tensor> scores = [];
        for (int crop = 0, start = 0; crop < crops; start += sizes[crop++])
        {
            var part = features.narrow(0, start, sizes[crop]);
            var unit = part / (part.norm(1, keepdim: true) + Epsilon);
            var similarity = unit.mm(unit.t());
            similarity = similarity * (1 - eye(sizes[crop]));
            var mean = similarity.sum(1, keepdim: true) / (sizes[crop] - 1);
            var variance = (similarity - mean).pow(2).sum(1) / (sizes[crop] - 1);
            var scaled = received.narrow(0, start, sizes[crop]) * 1000;
            var gamma = scaled.abs().mean() / (variance.abs().mean() + Epsilon);
            scores.Add((scaled + Alpha * gamma * variance).mean());
        }
        var all = stack(scores);
        var weights = all / (all.sum() + Epsilon);
        var quotas = (weights * keep).floor().to_type(ScalarType.Int64);
        long rest = keep - quotas.sum().item<long>();
        if (rest > 0) quotas.index_add_(0, weights.topk((int)Math.Min(rest, crops)).indexes, ones(Math.Min(rest, crops), ScalarType.Int64), 1);
        List<Tensor> kept = [];
        for (int crop = 0, start = 0; crop < crops; start += sizes[crop++])
        {
            int quota = (int)quotas[crop].item<long>();
            if (quota <= 0) continue;
            var part = features.narrow(0, start, sizes[crop]);
            kept.Add(quota >= sizes[crop] ? part : part.index_select(0, received.narrow(0, start, sizes[crop]).topk(quota).indexes));
        }
        var rows = cat(kept);
        return rows.shape[0] >= keep ? rows.narrow(0, 0, keep).clone() : cat([rows, zeros(keep - rows.shape[0], rows.shape[1])]);
    }
}
