using CsCheck;
using PruneNotebooks.Primitives;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Primitives;

public sealed class MaxMinDiversityTests
{
    static readonly Gen<(int N, int D, int K, ulong Seed, int Kind)> Cases =
        from n in Gen.Int[1, 300]
        from d in Gen.Int[8, 40]
        from k in Gen.Int[1, n]
        from seed in Gen.ULong
        from kind in Gen.Int[0, 3]
        select (n, d, k, seed, kind);

    static Tensor Features(int n, int d, ulong seed, int kind = 0)
    {
        using var scope = NewDisposeScope();
        var generator = new Generator(seed);
        var x = randn(n, d, generator: generator);
        Tensor CopiesOf(int few) => randn(few, d, generator: generator).index_select(0, randint(few, n, ScalarType.Int64, generator: generator));
        return (kind switch
        {
            1 => CopiesOf(1 + n / 9) + 0.1 * x,     // clusters
            2 => CopiesOf(1 + n / 3),               // exact copies
            3 => x + 3,                             // everything on one side
            4 => CopiesOf(1 + n / 9) + 1e-3 * x,    // clusters as tight as float32 can tell
            _ => x,
        }).MoveToOuterDisposeScope();
    }

    // The rule as the paper writes it: all pairs, in double precision.
    static long[] ByDefinition(Tensor features, int count)
    {
        using var scope = NewDisposeScope();
        var x = features.to_type(ScalarType.Float64);
        x = x / x.norm(1, keepdim: true);
        float[] similarity = x.matmul(x.t()).to_type(ScalarType.Float32).data<float>().ToArray();
        int n = (int)features.shape[0];
        float Similarity(int i, int j) => similarity[Math.Min(i, j) * n + Math.Max(i, j)];
        float[] score = new float[n];
        for (int i = 0; i < n; i++) score[i] = Enumerable.Range(0, n).Where(j => j != i).Select(j => 1 - Similarity(i, j)).DefaultIfEmpty(0).Min();
        long[] order = new long[count];
        for (int k = 0; k < count; k++)
        {
            int best = Array.IndexOf(score, score.Max());
            order[k] = best;
            for (int i = 0; i < n; i++)
                if (!float.IsNegativeInfinity(score[i])) score[i] = k == 0 ? 1 - Similarity(i, best) : Math.Min(score[i], 1 - Similarity(i, best));
            score[best] = float.NegativeInfinity;
        }
        return order;
    }

    [Fact]
    public void The_choice_is_that_of_the_definition() => Cases.Sample(c =>
    {
        using var features = Features(c.N, c.D, c.Seed, c.Kind);
        long[] expected = ByDefinition(features, c.K);
        Assert.Equal(expected, MaxMinDiversity.Choose(features, c.K).Order);
        Assert.Equal(expected, Pooled(features, c.K).Order);
    }, iter: 60, threads: 1);

    [Fact]
    public void Where_float32_can_hardly_tell_the_choice_is_the_farthest_up_to_its_rounding() => Cases.Sample(c =>
    {
        using var scope = NewDisposeScope();
        var features = Features(c.N, 2 + c.D % 7, c.Seed, kind: 4);
        var unit = features.to_type(ScalarType.Float64);
        unit = unit / unit.norm(1, keepdim: true);
        foreach (var (order, _) in new[] { MaxMinDiversity.Choose(features, c.K), Pooled(features, c.K) })
        {
            Assert.Equal(c.K, order.Distinct().Count());
            var distance = 1 - unit.matmul(unit[order[0]]);
            foreach (long token in order[1..])
            {
                Assert.InRange(distance[token].item<double>(), distance.max().item<double>() - 2e-5, 2);
                distance = minimum(distance, 1 - unit.matmul(unit[token]));
            }
        }
    }, iter: 20, threads: 1);

    // As if the tokens were too many for a table of all pairs.
    static Diversity Pooled(Tensor features, int count) => MaxMinDiversity.Choose(features, count, first: null, tableSize: 0);

    [Theory]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Float64)]
    public void Other_types_choose_like_their_values_in_float32(ScalarType type)
    {
        using var scope = NewDisposeScope();
        var features = Features(150, 24, 5).to_type(type);
        long[] expected = ByDefinition(features, 40);
        Assert.Equal(expected, MaxMinDiversity.Choose(features, 40).Order);
        Assert.Equal(expected, Pooled(features, 40).Order);
    }

    [Fact]
    public void Of_a_mutually_nearest_pair_the_lower_index_is_first()
    {
        // Tokens 1 and 3 are each other's nearest and equally far from it, farther than all others are from theirs.
        using var features = tensor(new float[,] { { 1, 0.1f, 0 }, { 0, 1, 0.3f }, { 1, 0.1f, 0.01f }, { 0, 0.3f, 1 } });
        Assert.Equal(1, MaxMinDiversity.Choose(features, 1).Order[0]);
        Assert.Equal(1, Pooled(features, 1).Order[0]);
    }

    [Fact]
    public void Copies_of_one_token_are_chosen_in_their_order()
    {
        using var features = ones(200, 16);
        Assert.Equal(Enumerable.Range(0, 150).Select(i => (long)i), MaxMinDiversity.Choose(features, 150).Order);
        Assert.Equal(Enumerable.Range(0, 150).Select(i => (long)i), Pooled(features, 150).Order);
    }

    [Fact]
    public void Distances_shrink_along_the_order_and_chosen_tokens_never_have_less_than_others()
    {
        using var features = Features(300, 16, 1);
        foreach (var (order, distances) in new[] { MaxMinDiversity.Choose(features, 60), Pooled(features, 60) })
        {
            float[] along = [.. order.Select(token => distances[token])];
            Assert.Equal(along.OrderDescending(), along);
            Assert.All(Enumerable.Range(0, 300).Where(i => !order.Contains(i)), i => Assert.InRange(distances[i], 0, along[^1]));
            Assert.Equal(MaxMinDiversity.SmallestDistance(features, order), along[^1], 1e-5f);
        }
    }

    [Fact]
    public void A_given_first_token_is_the_first()
    {
        using var features = Features(40, 8, 2);
        Assert.Equal(17, MaxMinDiversity.Choose(features, 5, first: 17).Order[0]);
        Assert.Contains("tokens 0 to 39", Assert.Throws<ArgumentOutOfRangeException>(() => MaxMinDiversity.Choose(features, 5, first: 40)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Scaling_tokens_and_turning_the_space_change_nothing_and_permuting_tokens_permutes_the_choice() => Gen.ULong.Sample(seed =>
    {
        using var scope = NewDisposeScope();
        var features = Features(90, 12, seed);
        long[] order = MaxMinDiversity.Choose(features, 20).Order;
        var generator = new Generator(seed);
        Assert.Equal(order, MaxMinDiversity.Choose(features * (0.1 + rand(90, 1, generator: generator)), 20).Order);
        var (rotation, _) = linalg.qr(randn(12, 12, generator: generator));
        Assert.Equal(order, MaxMinDiversity.Choose(features.matmul(rotation), 20).Order);
        long[] permutation = SeededOrder.Of(90, (long)seed);
        // Ties are decided by index. The two most isolated tokens may be a mutually nearest pair: then each may be the first, and all others follow from that.
        long[] permuted = [.. MaxMinDiversity.Choose(features.index_select(0, tensor(permutation)), 20).Order.Select(i => permutation[i])];
        if (permuted[0] == order[0]) Assert.Equal(order.ToHashSet(), permuted.ToHashSet());
        else Assert.Equal(Nearest(order[0]), Nearest(permuted[0]), tolerance: 1e-6);

        double Nearest(long token)
        {
            var similarity = nn.functional.normalize(features, dim: 1).matmul(nn.functional.normalize(features[token], dim: 0));
            similarity[token] = double.NegativeInfinity;
            return similarity.max().item<float>();
        }
    }, iter: 20, threads: 1);

    [Fact]
    public void A_token_that_is_not_finite_or_has_no_direction_is_named()
    {
        using var features = Features(20, 8, 3);
        features[7, 2] = float.NaN;
        Assert.Contains("token 7", Assert.Throws<ArgumentException>(() => MaxMinDiversity.Choose(features, 5)).Message, StringComparison.Ordinal);
        features[7] = 0;
        Assert.Contains("Token 7 is all zeros", Assert.Throws<ArgumentException>(() => MaxMinDiversity.Choose(features, 5)).Message, StringComparison.Ordinal);
    }
}
