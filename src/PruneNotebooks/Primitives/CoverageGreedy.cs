using PruneNotebooks.Runtime;
using PruneNotebooks.Tokens;
using TorchSharp;
using static TorchSharp.torch;

namespace PruneNotebooks.Primitives;

/// <summary>What greedy facility location chose.</summary>
/// <param name="Order">The chosen tokens, in the order in which they were chosen.</param>
/// <param name="Gains">What each of them scored when it was chosen, weights and bonuses included.</param>
/// <param name="Covered">How well the chosen tokens cover each of the R rows: the affinity of the best of them, or what the row was covered to begin with.</param>
public sealed record Coverage(long[] Order, double[] Gains, float[] Covered)
{
    /// <summary>Mean of <see cref="Covered"/>.</summary>
    public double Mean => Covered.Select(covered => (double)covered).DefaultIfEmpty(0).Average();
}

/// <summary>What <see cref="CoverageGreedy"/> reckons with besides affinities.</summary>
public sealed record CoverageTerms
{
    /// <summary>What the coverage that a token adds is multiplied by, one for each of the N tokens; 1 if <see langword="null"/>.</summary>
    public IReadOnlyList<double>? Weights { get; init; }

    /// <summary>What is added to it, one for each of the N tokens; 0 if <see langword="null"/>.</summary>
    public IReadOnlyList<double>? Bonuses { get; init; }

    /// <summary>How well every row is covered before anything is chosen; affinities below it add nothing.</summary>
    public double Floor { get; init; }

    /// <summary>Tokens that must be covered and cannot be chosen.</summary>
    public IReadOnlyCollection<long> Excluded { get; init; } = [];
}

/// <summary>Greedy facility location: each choice is the token that adds most to how well all rows are covered, <c>sum over u of max over chosen v of S_uv</c>.</summary>
/// <remarks>
/// <para>
/// Score of a token: <c>weight * sum over u of max(0, S_uv - c_u) + bonus</c>, c being the coverage so far. The sums are kept up to date in float64: a choice
/// raises the coverage of some rows, and only these are looked at again. For unrelated tokens they are N / k at the k-th choice, so that all choices cost
/// N^2 log K after the N^2 D / 2 of the similarities; at worst it is K N^2.
/// What float32 similarities cannot tell apart is equal, and what they cannot tell from nothing is nothing: of copies the first is chosen, and the others come last.
/// </para>
/// <para>Memory: a table of all affinities up to 4,096 tokens, 64 MB; beyond it blocks of rows, computed anew.</para>
/// </remarks>
public static class CoverageGreedy
{
    const long BlockBytes = 8L << 20;

    /// <summary>Chooses tokens that cover all tokens by cosine similarity.</summary>
    /// <param name="features">Tokens, float <c>[N, D]</c>, finite; a token of zeros is similar to none.</param>
    /// <param name="count">How many, 0 to N.</param>
    /// <param name="terms">Weights, bonuses, floor and exclusions.</param>
    /// <exception cref="ArgumentException">A token is not finite, or the terms count other tokens.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is more than can be chosen.</exception>
    public static Coverage OfTokens(Tensor features, int count, CoverageTerms? terms = null)
    {
        using var affinities = new CosineAffinities(features);
        return Choose(affinities, count, terms ?? new());
    }

    /// <summary>Chooses columns of a table that cover all of its rows.</summary>
    /// <param name="affinity">How well each token covers each row, float <c>[R, N]</c>, finite.</param>
    /// <param name="count">How many, 0 to N.</param>
    /// <param name="terms">Weights, bonuses, floor and exclusions.</param>
    /// <inheritdoc cref="OfTokens"/>
    public static Coverage OfTable(Tensor affinity, int count, CoverageTerms? terms = null)
    {
        ArgumentNullException.ThrowIfNull(affinity);
        if (affinity.dim() != 2) throw new ArgumentException($"Affinities are [rows, tokens]; they are {affinity.Shape()}.", nameof(affinity));
        FiniteTokens.Check(affinity, 1, nameof(affinity));
        return Choose(new TableAffinities(affinity), count, terms ?? new());
    }

    /// <summary>The same for affinities that are computed as they are needed.</summary>
    internal static Coverage Choose(IAffinities affinities, int count, CoverageTerms terms)
    {
        int tokens = affinities.Tokens;
        if (count < 0 || count > tokens - terms.Excluded.Count)
            throw new ArgumentOutOfRangeException(nameof(count), count, $"{count} of {tokens} tokens cannot be chosen{(terms.Excluded.Count == 0 ? "" : $" when {terms.Excluded.Count} of them are excluded")}.");
        CheckLength(terms.Weights, nameof(terms.Weights));
        CheckLength(terms.Bonuses, nameof(terms.Bonuses));
        using var scope = NewDisposeScope();
        var (covered, added) = Begin(affinities, terms.Floor);
        double nothing = affinities.Error * affinities.Rows, equal = affinities.Error * Math.Sqrt(affinities.Rows);
        bool[] gone = new bool[tokens];
        foreach (long token in terms.Excluded) gone[token] = true;
        long[] order = new long[count];
        double[] gains = new double[count];
        for (int k = 0; k < count; k++)
        {
            (order[k], gains[k]) = Best(added.cpu().data<double>().ToArray());
            gone[order[k]] = true;
            Cover(affinities, covered, added, order[k], last: k == count - 1);
        }
        return new Coverage(order, gains, covered.cpu().data<float>().ToArray());

        (long Token, double Score) Best(double[] sums)
        {
            double[] scores = new double[tokens];
            for (int i = 0; i < tokens; i++)
                scores[i] = gone[i] ? double.NegativeInfinity : ((sums[i] > nothing ? sums[i] : 0) * Weight(i)) + (terms.Bonuses?[i] ?? 0);
            double best = scores.Max();
            int token = Enumerable.Range(0, tokens).First(i => scores[i] >= best - (equal * Weight(i)));
            return (token, scores[token]);
        }

        double Weight(int token) => terms.Weights?[token] ?? 1;

        void CheckLength(IReadOnlyList<double>? numbers, string name)
        {
            if (numbers is not null && numbers.Count != tokens) throw new ArgumentException($"{name} are one for each of {tokens} tokens; there are {numbers.Count}.", nameof(terms));
        }
    }

    // The coverage of each row, and what each token would add to the sum of it.
    static (Tensor Covered, Tensor Added) Begin(IAffinities affinities, double floor)
    {
        using var scope = NewDisposeScope();
        var covered = full(affinities.Rows, floor.ToCachedScalar(), ScalarType.Float32, affinities.Device);
        var added = zeros(affinities.Tokens, ScalarType.Float64, affinities.Device);
        foreach (var rows in Blocks(Indices.UpTo(affinities.Rows, affinities.Device), affinities.Tokens))
        {
            using var inner = NewDisposeScope();
            var above = affinities.Of(rows).sub(covered.index_select(0, rows).unsqueeze(1)).clamp_min_(Zero);
            added.add_(above.sum(0, type: ScalarType.Float64));
        }
        return (covered.MoveToOuterDisposeScope(), added.MoveToOuterDisposeScope());
    }

    // A token was chosen: what it covers, others need not.
    static void Cover(IAffinities affinities, Tensor covered, Tensor added, long token, bool last)
    {
        using var scope = NewDisposeScope();
        var raised = maximum(covered, affinities.By(token));
        if (!last)
            foreach (var rows in Blocks(raised.gt(covered).nonzero().squeeze(1), affinities.Tokens))
            {
                using var inner = NewDisposeScope();
                var (before, after) = (covered.index_select(0, rows).unsqueeze(1), raised.index_select(0, rows).unsqueeze(1));
                added.sub_(affinities.Of(rows).clamp_(before, after).sum(0, type: ScalarType.Float64).sub_(before.sum(ScalarType.Float64)));
            }
        covered.copy_(raised);
    }

    static readonly Scalar Zero = 0.ToCachedScalar();

    static IEnumerable<Tensor> Blocks(Tensor rows, int tokens)
    {
        long block = Math.Max(1, BlockBytes / sizeof(float) / tokens);
        for (long start = 0; start < rows.shape[0]; start += block) yield return rows.narrow(0, start, Math.Min(block, rows.shape[0] - start));
    }
}
