using static TorchSharp.torch;

namespace PruneNotebooks.Benchmarks.Ports;

/// <summary>DART's published sequence of operations (arXiv 2502.11494): for each pivot the cosines of the tokens that are left, copied together anew.</summary>
internal static class DartPort
{
    /// <param name="visual">Normalised states of the visual tokens, <c>[N, D]</c>.</param>
    /// <param name="text">The same of the question, <c>[T, D]</c>.</param>
    /// <param name="keys">Keys of the visual tokens, <c>[H, N, d]</c>.</param>
    /// <param name="textKeys">Keys of the question, <c>[H, T, d]</c>.</param>
    /// <param name="budget">The published budget; pivots come on top.</param>
    /// <returns>The kept rows in raster order.</returns>
    public static Tensor Prune(Tensor visual, Tensor text, Tensor keys, Tensor textKeys, int budget)
    {
        const int pivots = 4;
        var fromImage = keys.transpose(0, 1).flatten(1).abs().sum(1).topk(pivots).indexes;
        var fromText = textKeys.transpose(0, 1).flatten(1).abs().sum(1).topk(pivots).indexes;
        var states = cat([visual.index_select(0, fromImage), text.index_select(0, fromText)]);
        List<long> kept = [.. fromImage.data<long>()];
        var left = Enumerable.Range(0, (int)visual.shape[0]).Select(i => (long)i).Except(kept).ToList();
        for (int pivot = 0; pivot < states.shape[0]; pivot++)
        {
            using var step = NewDisposeScope();
            var candidates = visual.index_select(0, tensor(left.ToArray()));
            var picks = nn.functional.cosine_similarity(candidates, states[pivot].unsqueeze(0), dim: 1).topk(budget / (2 * pivots), largest: false).indexes;
            long[] chosen = [.. picks.data<long>().Select(i => left[(int)i])];
            kept.AddRange(chosen);
            left = [.. left.Except(chosen)];
        }
        return visual.index_select(0, tensor(kept.Order().ToArray()));
    }
}
