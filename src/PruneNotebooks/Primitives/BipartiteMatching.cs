using static TorchSharp.torch;

namespace PruneNotebooks.Primitives;

/// <summary>Bipartite soft matching of Token Merging (arXiv 2210.09461): tokens are dealt to two sides by turns, each of the first side draws an edge to its most similar of the second, and the
/// strongest edges merge. No iteration, and every token keeps at most one edge.</summary>
/// <remarks>
/// The groups that come out are in the order in which tokens go on: those of the first side that stay, then the second side. Their members are the merged tokens, strongest edge first.
/// Cost: O(N^2 D / 4). Memory: see <see cref="CosineRows"/>.
/// </remarks>
public static class BipartiteMatching
{
    /// <summary>Matches the tokens of a sequence.</summary>
    /// <param name="metric">What is compared, float <c>[N, D]</c>: the mean over heads of the keys.</param>
    /// <param name="merges">How many tokens go; not more than half of those that are not guarded.</param>
    /// <param name="classToken">Whether the first token is a class token: it never joins another, and the first side goes on in the order of the sequence instead of that of the edges.</param>
    /// <param name="distillationToken">Whether the second token is a distillation token: none joins it, and it goes on second.</param>
    /// <exception cref="ArgumentException">A token is not finite; the message names it.</exception>
    public static TokenGroups Of(Tensor metric, int merges, bool classToken = false, bool distillationToken = false)
    {
        ArgumentNullException.ThrowIfNull(metric);
        ArgumentOutOfRangeException.ThrowIfNegative(merges);
        int tokens = (int)metric.shape[0], guarded = (classToken ? 1 : 0) + (distillationToken ? 1 : 0);
        merges = Math.Min(merges, Math.Max(0, tokens - guarded) / 2);
        long[] first = Every(2, from: 0, tokens), second = Every(2, from: 1, tokens);
        long[] joining = classToken ? first[1..] : first, joined = distillationToken ? second[1..] : second;
        if (merges == 0 || joined.Length == 0) return new(Every(1, from: 0, tokens), [], []);
        var edges = Match(metric, joining, joined, merges, sorted: classToken);
        long[] stay = classToken ? [0, .. edges.Unmerged] : edges.Unmerged;
        return edges.Groups(distillationToken ? [stay[0], second[0], .. stay[1..], .. second[1..]] : [.. stay, .. second]);
    }

    /// <summary>Matches the patches of a picture in front of which stands a class token that is not among them: as <see cref="Of"/> would with it.</summary>
    /// <param name="metric">What is compared, float <c>[N, D]</c>, patches alone.</param>
    /// <param name="merges">How many go; at most half of them.</param>
    /// <exception cref="ArgumentException">A token is not finite; the message names it.</exception>
    public static TokenGroups OfPatches(Tensor metric, int merges)
    {
        ArgumentNullException.ThrowIfNull(metric);
        ArgumentOutOfRangeException.ThrowIfNegative(merges);
        int tokens = (int)metric.shape[0];
        merges = Math.Min(merges, tokens / 2);
        if (merges == 0) return new(Every(1, from: 0, tokens), [], []);
        long[] second = Every(2, from: 0, tokens);
        var edges = Match(metric, Every(2, from: 1, tokens), second, merges, sorted: true);
        return edges.Groups([.. edges.Unmerged, .. second]);
    }

    /// <summary>The variant that leaves one token of each k: the others all join their most similar of these. Tokens behind the last whole k are dropped.</summary>
    /// <param name="metric">What is compared, float <c>[N, D]</c>.</param>
    /// <param name="k">2 or more.</param>
    public static TokenGroups EveryKth(Tensor metric, int k)
    {
        ArgumentNullException.ThrowIfNull(metric);
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 2);
        int whole = (int)metric.shape[0] / k * k;
        long[] targets = Every(k, from: k - 1, whole);
        return TokenGroups.Nearest(metric, targets, [.. Every(1, from: 0, whole).Except(targets)]);
    }

    /// <summary>The control: random tokens join their most similar of the others.</summary>
    /// <param name="metric">What is compared, float <c>[N, D]</c>.</param>
    /// <param name="merges">How many go, fewer than N.</param>
    /// <param name="seed">The same seed gives the same tokens.</param>
    public static TokenGroups Random(Tensor metric, int merges, long seed)
    {
        ArgumentNullException.ThrowIfNull(metric);
        long[] shuffled = SeededOrder.Of((int)metric.shape[0], seed);
        if (merges < 0 || merges >= shuffled.Length) throw new ArgumentOutOfRangeException(nameof(merges), merges, $"Of {shuffled.Length} tokens {merges} cannot be merged into others.");
        return TokenGroups.Nearest(metric, shuffled[merges..], shuffled[..merges]);
    }

    static Edges Match(Tensor metric, long[] joining, long[] joined, int merges, bool sorted)
    {
        using var scope = NewDisposeScope();
        using var rows = new CosineRows(metric, zeros: true);
        var (similarity, nearest) = rows.MostSimilar(tensor(joining, ScalarType.Int64, metric.device), tensor(joined, ScalarType.Int64, metric.device));
        long[] order = [.. Ranking.Of(similarity).Order], partner = nearest.cpu().data<long>().ToArray();
        long[] unmerged = Array.ConvertAll(order[merges..], edge => joining[edge]);
        if (sorted) Array.Sort(unmerged);
        return new(Array.ConvertAll(order[..merges], edge => joining[edge]), Array.ConvertAll(order[..merges], edge => partner[edge]), unmerged);
    }

    static long[] Every(int step, int from, int tokens) => [.. Enumerable.Range(0, Math.Max(0, tokens - from + step - 1) / step).Select(i => (long)(from + (i * step)))];

    // The strongest edges, strongest first; and who has none of them, by the strength of theirs or by index.
    sealed record Edges(long[] Sources, long[] Destinations, long[] Unmerged)
    {
        public TokenGroups Groups(long[] order)
        {
            var places = order.Index().ToDictionary(token => token.Item, token => (long)token.Index);
            return new(order, Sources, Array.ConvertAll(Destinations, token => places[token]));
        }
    }
}
