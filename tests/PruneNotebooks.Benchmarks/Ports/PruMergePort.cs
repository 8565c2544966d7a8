using static TorchSharp.torch;

namespace PruneNotebooks.Benchmarks.Ports;

/// <summary>PruMerge's published sequence of operations (arXiv 2403.15388): the neighbours of each kept token, one token after the other.</summary>
internal static class PruMergePort
{
    /// <param name="query">Of the class token, <c>[C]</c>.</param>
    /// <param name="keys">The class token's first, <c>[1 + N, C]</c>.</param>
    /// <param name="features"><c>[N, D]</c>.</param>
    /// <param name="keep">How many go on, the appended token among them.</param>
    /// <param name="neighbours">How many each has.</param>
    /// <returns><c>[keep, D]</c>.</returns>
    public static Tensor Merge(Tensor query, Tensor keys, Tensor features, int keep, int neighbours = 32)
    {
        long tokens = features.shape[0];
        var attention = (keys.mv(query) / Math.Sqrt(query.shape[0])).softmax(0).narrow(0, 1, tokens);
        var patches = keys.narrow(0, 1, tokens);
        var top = attention.topk(keep - 1).indexes;
        var rest = ones(tokens, ScalarType.Bool).index_fill_(0, top, 0).nonzero().squeeze(1);
        var unit = nn.functional.normalize(patches, dim: 1);
        var merged = empty(keep, features.shape[1]);
        for (int i = 0; i < keep - 1; i++)
        {
            using var step = NewDisposeScope();
            var others = cat([top.narrow(0, 0, i), top.narrow(0, i + 1, keep - 2 - i), rest]);
            var similarity = unit.index_select(0, top.narrow(0, i, 1)).mm(unit.index_select(0, others).t());
            var nearest = others.index_select(0, similarity.topk(neighbours, 1).indexes.squeeze(0));
            var added = (features.index_select(0, nearest) * attention.index_select(0, nearest).unsqueeze(1)).sum([0]);
            merged[i] = features[top[i].item<long>()] + added;
        }
        merged[keep - 1] = (features.index_select(0, rest) * attention.index_select(0, rest).unsqueeze(1)).sum([0]);
        return merged;
    }
}
