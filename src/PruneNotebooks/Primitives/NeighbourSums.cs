using PruneNotebooks.Runtime;
using static TorchSharp.torch;

namespace PruneNotebooks.Primitives;

/// <summary>Adds to tokens their nearest neighbours, each by its weight: PruMerge's merge (arXiv 2403.15388). Neighbours of several tokens may be the same, and nothing is divided.</summary>
/// <remarks>Cost: O(n N d) for keys of width d, and O(n k D) for n tokens with k neighbours of width D. Memory: the blocks of <see cref="CosineRows"/>, and k rows for some tokens at a time.</remarks>
public static class NeighbourSums
{
    const long BlockBytes = 8L << 20;

    /// <summary>Each token plus the weighted sum of its nearest neighbours.</summary>
    /// <param name="features">What is added, float <c>[N, D]</c>; sums are of these, never of tokens that were added to.</param>
    /// <param name="keys">What is compared, float <c>[N, d]</c>, by cosine similarity.</param>
    /// <param name="weights">Float <c>[N]</c>.</param>
    /// <param name="order">The tokens; one that is there twice is its own neighbour.</param>
    /// <param name="others">Who may be a neighbour besides them; of equally similar ones, first those of <paramref name="order"/>, then these.</param>
    /// <param name="neighbours">How many each has, if there are so many.</param>
    /// <returns><c>[n, D]</c>, of the type of <paramref name="features"/>; sums are float32.</returns>
    /// <exception cref="ArgumentException">A key is not finite; the message names the token.</exception>
    public static Tensor Add(Tensor features, Tensor keys, Tensor weights, IReadOnlyList<long> order, IReadOnlyList<long> others, int neighbours = 32)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(keys);
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(order);
        ArgumentNullException.ThrowIfNull(others);
        ArgumentOutOfRangeException.ThrowIfNegative(neighbours);
        using var scope = NewDisposeScope();
        using var rows = new CosineRows(keys, zeros: true);
        var tokens = tensor([.. order], ScalarType.Int64, features.device);
        var sums = features.index_select(0, tokens).to_type(ScalarType.Float32);
        long count = Math.Min(neighbours, order.Count - 1 + others.Count);
        if (count <= 0) return sums.to_type(features.dtype).MoveToOuterDisposeScope();
        var candidates = tensor([.. order, .. others], ScalarType.Int64, features.device);
        bool repeats = order.Distinct().Count() < order.Count;
        long block = Math.Max(1, BlockBytes / sizeof(float) / (count * features.shape[1]));
        rows.ForEachBlock(tokens, candidates, (start, similarity) =>
        {
            // A block does not know copies of a token in the list from the token itself.
            if (repeats) Repeated(similarity, start);
            var nearest = Nearest(similarity, count);
            for (long first = 0; first < nearest.shape[0]; first += block)
            {
                using var inner = NewDisposeScope();
                long length = Math.Min(block, nearest.shape[0] - first);
                var chosen = candidates.index_select(0, nearest.narrow(0, first, length).flatten());
                var added = features.index_select(0, chosen).to_type(ScalarType.Float32).view(length, count, -1);
                var by = weights.index_select(0, chosen).to_type(ScalarType.Float32).view(length, 1, count);
                sums.narrow(0, start + first, length).add_(by.bmm(added).squeeze(1));
            }
        });
        return sums.to_type(features.dtype).MoveToOuterDisposeScope();

        void Repeated(Tensor similarity, long start)
        {
            for (int row = 0; row < similarity.shape[0]; row++)
                for (int place = 0; place < order.Count; place++)
                    if (place != start + row && order[place] == order[(int)start + row]) similarity[row, place].fill_(1.0.ToCachedScalar());
        }
    }

    /// <summary>The weighted sum of some tokens: PruMerge's last token, which stands for all that were dropped.</summary>
    /// <param name="features">Float <c>[N, D]</c>.</param>
    /// <param name="weights">Float <c>[N]</c>.</param>
    /// <param name="tokens">Which.</param>
    /// <returns><c>[1, D]</c>, of the type of <paramref name="features"/>; zeros if there is none.</returns>
    public static Tensor Of(Tensor features, Tensor weights, IReadOnlyList<long> tokens)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(tokens);
        using var scope = NewDisposeScope();
        var index = tensor([.. tokens], ScalarType.Int64, features.device);
        var rows = features.index_select(0, index).to_type(ScalarType.Float32);
        return weights.index_select(0, index).to_type(ScalarType.Float32).unsqueeze(0).matmul(rows).to_type(features.dtype).MoveToOuterDisposeScope();
    }

    // Of equal similarities the first: only where the last that fits has equals outside is it worth while to sort.
    static Tensor Nearest(Tensor similarity, long count)
    {
        var (values, places) = similarity.topk((int)count, 1);
        bool ambiguous = similarity.ge(values.narrow(1, count - 1, 1)).sum(1).gt(count.ToCachedScalar()).any().item<bool>();
        return ambiguous ? similarity.sort(stable: true, dim: 1, descending: true).Indices.narrow(1, 0, count).contiguous() : places;
    }
}
