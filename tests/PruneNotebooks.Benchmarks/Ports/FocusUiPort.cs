using static TorchSharp.torch;

namespace PruneNotebooks.Benchmarks.Ports;

/// <summary>FocusUI's published sequence of operations (arXiv 2601.03928) behind the scorer: all products with the text, the top of their mean, and a marker at the end of each run of dropped tokens.</summary>
internal static class FocusUiPort
{
    /// <param name="features"><c>[N, D]</c>.</param>
    /// <param name="text"><c>[T, D]</c>.</param>
    /// <param name="marker"><c>[D]</c>.</param>
    /// <param name="keep">How many stay besides markers.</param>
    /// <returns>Kept rows and markers in raster order.</returns>
    public static Tensor Prune(Tensor features, Tensor text, Tensor marker, int keep)
    {
        var similarity = nn.functional.normalize(features, p: 2, dim: 1).mm(nn.functional.normalize(text, p: 2, dim: 1).t());
        var kept = zeros(features.shape[0], ScalarType.Bool);
        kept.index_fill_(0, similarity.mean([1]).topk(keep).indexes, true);
        bool[] stays = kept.data<bool>().ToArray();
        var (places, markers) = (new List<long>(), new List<bool>());
        for (int i = 0; i < stays.Length; i++)
        {
            bool end = !stays[i] && (i + 1 == stays.Length || stays[i + 1]);
            if (!stays[i] && !end) continue;
            places.Add(i);
            markers.Add(end);
        }
        var sequence = features.clone();
        sequence.index_copy_(0, tensor(places.Where((_, i) => markers[i]).ToArray()), marker.expand(markers.Count(isMarker => isMarker), -1));
        return sequence.index_select(0, tensor(places.ToArray()));
    }
}
