using CsCheck;
using PruneNotebooks.Primitives;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Primitives;

/// <summary>The greedy choices that share <c>GreedyByRows</c>, beside their definitions on all pairs.</summary>
public sealed class GreedyChoicesTests
{
    static readonly Gen<(int N, int D, int K, ulong Seed)> Cases =
        from n in Gen.Int[1, 130]
        from d in Gen.Int[4, 30]
        from k in Gen.Int[1, n]
        from seed in Gen.ULong
        select (n, d, k, seed);

    static (Tensor Features, float[] Scores, double[,] Cosine) Sample(int n, int d, ulong seed)
    {
        using var scope = NewDisposeScope();
        var generator = new Generator(seed);
        var features = randn(n, d, generator: generator) + 0.3;
        var unit = features.to_type(ScalarType.Float64);
        unit = unit / unit.norm(1, keepdim: true);
        double[] flat = unit.matmul(unit.t()).contiguous().data<double>().ToArray();
        double[,] cosine = new double[n, n];
        Buffer.BlockCopy(flat, 0, cosine, 0, flat.Length * sizeof(double));
        return (features.MoveToOuterDisposeScope(), rand(n, generator: generator).data<float>().ToArray(), cosine);
    }

    // At every step the chosen token must have the highest score, up to rounding, of those that were left.
    static void EachIsTheBest(long[] order, int n, int k, Func<int, IReadOnlyList<long>, double> score)
    {
        Assert.Equal(k, order.Distinct().Count());
        for (int step = 0; step < k; step++)
        {
            long[] before = [.. order.Take(step)];
            double best = Enumerable.Range(0, n).Where(i => !before.Contains(i)).Max(i => score(i, before));
            Assert.InRange(score((int)order[step], before), best - 1e-5, double.PositiveInfinity);
        }
    }

    [Fact]
    public void Marginal_relevance_takes_the_best_at_every_step() => Cases.Sample(c =>
    {
        var (features, importance, cosine) = Sample(c.N, c.D, c.Seed);
        using (features)
            foreach (double lambda in new[] { 0, 0.3, 1 })
                EachIsTheBest(MarginalRelevance.Choose(features, importance, c.K, lambda), c.N, c.K,
                    (i, before) => before.Count == 0 ? importance[i] : (lambda * importance[i]) - ((1 - lambda) * before.Max(j => cosine[i, j])));
    }, iter: 25, threads: 1);

    [Fact]
    public void Marginal_relevance_with_all_weight_on_importance_or_all_tokens_at_once_is_top_k()
    {
        var (features, importance, _) = Sample(60, 8, 1);
        using (features)
        {
            long[] top = [.. Enumerable.Range(0, 60).Select(i => (long)i).OrderByDescending(i => importance[i]).Take(20)];
            Assert.Equal(top, MarginalRelevance.Choose(features, importance, 20, lambda: 1));
            Assert.Equal(top, MarginalRelevance.Choose(features, importance, 20, lambda: 0.2, atOnce: 20));
            Assert.NotEqual(top, MarginalRelevance.Choose(features, importance, 20, lambda: 0.2));
        }
    }

    [Fact]
    public void Max_sum_takes_the_least_sum_of_similarities_at_every_step() => Cases.Sample(c =>
    {
        var (features, _, cosine) = Sample(c.N, c.D, c.Seed);
        using (features)
        {
            int first = (int)(c.Seed % (ulong)c.N);
            long[] order = MaxSumDiversity.Choose(features, c.K, first);
            Assert.Equal(first, order[0]);
            EachIsTheBest(order, c.N, c.K, (i, before) => before.Count == 0 ? (i == first ? 1 : 0) : -before.Sum(j => cosine[i, j]));
        }
    }, iter: 25, threads: 1);

    [Fact]
    public void Weighted_max_min_takes_the_largest_product_at_every_step() => Cases.Sample(c =>
    {
        var (features, weights, cosine) = Sample(c.N, c.D, c.Seed);
        using (features)
            EachIsTheBest(WeightedMaxMin.Choose(features, weights, c.K), c.N, c.K,
                (i, before) => weights[i] * (before.Count == 0 ? 1 : before.Min(j => 1 - cosine[i, j])));
    }, iter: 25, threads: 1);

    [Fact]
    public void Weights_are_stretched_and_equal_scores_weigh_one()
    {
        Assert.Equal([0f, 0.5f, 1f], WeightedMaxMin.Weights([2, 3, 4]));
        Assert.Equal([1f, 1f], WeightedMaxMin.Weights([7, 7]));
    }

    [Fact]
    public void With_equal_weights_it_is_farthest_points_from_token_0()
    {
        var (features, _, _) = Sample(80, 12, 5);
        using (features)
            Assert.Equal(MaxMinDiversity.Choose(features, 30, first: 0).Order, WeightedMaxMin.Choose(features, [.. Enumerable.Repeat(1f, 80)], 30));
    }

    [Fact]
    public void Gains_of_the_determinantal_choice_multiply_to_the_determinant() => Cases.Sample(c =>
    {
        using var scope = NewDisposeScope();
        var (features, scores, cosine) = Sample(c.N, c.D, c.Seed);
        int count = Math.Min(c.K, Math.Min(c.N, c.D - 1));
        double[] quality = [.. scores.Select(score => 0.5 + score)];
        var choice = DeterminantalGreedy.Choose(features, quality, count);
        Assert.Equal(Log(choice.Order), choice.LogDeterminant, tolerance: 1e-3 * Math.Max(1, Math.Abs(choice.LogDeterminant)));
        // Each is the one that multiplies it most.
        if (count > 1)
        {
            long[] before = choice.Order[..(count - 1)];
            double best = Enumerable.Range(0, c.N).Select(i => (long)i).Except(before).Max(i => Log([.. before, i]));
            Assert.InRange(Log(choice.Order), best - 1e-3, best + 1e-9);
        }

        double Log(IReadOnlyList<long> set)
        {
            double[,] kernel = new double[set.Count, set.Count];
            for (int a = 0; a < set.Count; a++)
                for (int b = 0; b < set.Count; b++) kernel[a, b] = quality[set[a]] * cosine[set[a], set[b]] * quality[set[b]];
            return tensor(kernel).det().log().item<double>();
        }
    }, iter: 25, threads: 1);

    [Fact]
    public void More_tokens_than_dimensions_are_filled_up_by_quality()
    {
        using var features = randn(40, 5, generator: new Generator(1));
        double[] quality = [.. Enumerable.Range(0, 40).Select(i => 1 + (i * 7 % 40 / 40.0))];
        var choice = DeterminantalGreedy.Choose(features, quality, 12);
        Assert.Equal(12, choice.Order.Distinct().Count());
        Assert.All(choice.Gains.Take(5), gain => Assert.True(gain > 0));
        Assert.All(choice.Gains.Skip(5), gain => Assert.Equal(0, gain));
        Assert.Equal(Enumerable.Range(0, 40).Select(i => (long)i).Except(choice.Order[..5]).OrderByDescending(i => quality[i]).Take(7), choice.Order[5..]);
    }

    [Fact]
    public void Few_choices_among_many_tokens_need_no_table_and_give_the_same()
    {
        var (features, scores, cosine) = Sample(1000, 6, 9);
        using (features)
            EachIsTheBest(MarginalRelevance.Choose(features, scores, 8), 1000, 8, (i, before) => before.Count == 0 ? scores[i] : (0.5 * scores[i]) - (0.5 * before.Max(j => cosine[i, j])));
    }

    [Fact]
    public void What_is_wrong_is_named()
    {
        using var features = randn(20, 8, generator: new Generator(1));
        Assert.Contains("20 tokens and 3 scores", Assert.Throws<ArgumentException>(() => MarginalRelevance.Choose(features, [1, 2, 3], 2)).Message, StringComparison.Ordinal);
        Assert.Contains("21 of 20", Assert.Throws<ArgumentOutOfRangeException>(() => MaxSumDiversity.Choose(features, 21, 0)).Message, StringComparison.Ordinal);
        Assert.Contains("tokens 0 to 19", Assert.Throws<ArgumentOutOfRangeException>(() => MaxSumDiversity.Choose(features, 2, 20)).Message, StringComparison.Ordinal);
        features[7, 2] = float.NaN;
        Assert.Contains("token 7", Assert.Throws<ArgumentException>(() => MaxSumDiversity.Choose(features, 5, 0)).Message, StringComparison.Ordinal);
    }
}
