using CsCheck;
using PruneNotebooks.Primitives;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Primitives;

public sealed class CoverageGreedyTests
{
    static readonly Gen<(int N, int D, int K, ulong Seed)> Cases =
        from n in Gen.Int[1, 120]
        from d in Gen.Int[3, 30]
        from k in Gen.Int[1, n]
        from seed in Gen.ULong
        select (n, d, k, seed);

    // The rule as papers write it: every gain anew at every choice.
    static (long[] Order, double[] Gains) ByDefinition(double[,] affinity, int count, double[] weights, double[] bonuses, double floor)
    {
        int rows = affinity.GetLength(0), tokens = affinity.GetLength(1);
        double[] covered = [.. Enumerable.Repeat(floor, rows)];
        List<long> order = [];
        List<double> gains = [];
        while (order.Count < count)
        {
            var (gain, token) = Enumerable.Range(0, tokens).Where(v => !order.Contains(v))
                .Select(v => (Gain: (Enumerable.Range(0, rows).Sum(u => Math.Max(0, affinity[u, v] - covered[u])) * weights[v]) + bonuses[v], Token: v)).OrderByDescending(v => v.Gain).First();
            order.Add(token);
            gains.Add(gain);
            for (int u = 0; u < rows; u++) covered[u] = Math.Max(covered[u], affinity[u, token]);
        }
        return ([.. order], [.. gains]);
    }

    static double[,] Cosines(Tensor features)
    {
        using var scope = NewDisposeScope();
        var unit = features.to_type(ScalarType.Float64);
        unit = unit / unit.norm(1, keepdim: true);
        return Table(unit.matmul(unit.t()));
    }

    static double[,] Table(Tensor table)
    {
        double[] flat = table.to_type(ScalarType.Float64).contiguous().data<double>().ToArray();
        var (rows, columns) = ((int)table.shape[0], (int)table.shape[1]);
        double[,] result = new double[rows, columns];
        Buffer.BlockCopy(flat, 0, result, 0, flat.Length * sizeof(double));
        return result;
    }

    static double[] Numbers(int count, double offset, Generator generator) => [.. rand(count, generator: generator).data<float>().ToArray().Select(x => x + offset)];

    // Where two tokens add the same up to rounding either may come first, and from there on the orders have nothing to do with each other.
    static void SameUntilTies(double[] gains, long[] order, Coverage actual)
    {
        for (int k = 0; k < order.Length; k++)
        {
            Assert.Equal(gains[k], actual.Gains[k], tolerance: 1e-5 * Math.Max(1, gains[k]));
            if (order[k] != actual.Order[k]) return;
        }
    }

    [Fact]
    public void The_choice_is_that_of_the_definition_with_a_table_and_without() => Cases.Sample(c =>
    {
        using var scope = NewDisposeScope();
        var generator = new Generator(c.Seed);
        var features = randn(c.N, c.D, generator: generator) + 0.5;
        var terms = new CoverageTerms { Weights = Numbers(c.N, 0.1, generator), Bonuses = Numbers(c.N, 0, generator) };
        var (order, gains) = ByDefinition(Cosines(features), c.K, [.. terms.Weights], [.. terms.Bonuses], 0);
        SameUntilTies(gains, order, CoverageGreedy.OfTokens(features, c.K, terms));
        using var blocks = new CosineAffinities(features, tableSize: 0);
        SameUntilTies(gains, order, CoverageGreedy.Choose(blocks, c.K, terms));
    }, iter: 40, threads: 1);

    [Fact]
    public void A_table_may_have_other_rows_than_tokens_and_a_floor_below_zero() => Cases.Sample(c =>
    {
        using var scope = NewDisposeScope();
        var table = randn(c.D, c.N, generator: new Generator(c.Seed));
        var (order, gains) = ByDefinition(Table(table), c.K, [.. Enumerable.Repeat(1.0, c.N)], new double[c.N], -1);
        SameUntilTies(gains, order, CoverageGreedy.OfTable(table, c.K, new() { Floor = -1 }));
    }, iter: 30, threads: 1);

    [Fact]
    public void Three_rows_by_hand()
    {
        using var table = tensor(new float[,] { { 0.9f, 0.5f, 0 }, { 0.1f, 0.6f, 0 }, { 0, 0, 0.8f } });
        var coverage = CoverageGreedy.OfTable(table, 3);
        Assert.Equal([1L, 2, 0], coverage.Order);       // 1.0, 1.1, 0.8 to begin with; then 0.4 and 0.8
        Assert.Equal([1.1, 0.8, 0.4], coverage.Gains, (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.Equal((0.9 + 0.6 + 0.8) / 3, coverage.Mean, tolerance: 1e-6);
        Assert.Equal([2L, 0], CoverageGreedy.OfTable(table, 2, new() { Excluded = [1], Bonuses = [0, 0, 1] }).Order);
    }

    [Fact]
    public void Without_weights_gains_never_grow_and_sum_up_to_the_coverage() => Cases.Sample(c =>
    {
        using var features = randn(c.N, c.D, generator: new Generator(c.Seed));
        var coverage = CoverageGreedy.OfTokens(features, c.K);
        for (int k = 1; k < c.K; k++) Assert.InRange(coverage.Gains[k], 0, coverage.Gains[k - 1] + 1e-9);
        Assert.Equal(coverage.Gains.Sum() / c.N, coverage.Mean, tolerance: 1e-5);
    }, iter: 30, threads: 1);

    [Fact]
    public void Copies_come_last_by_index_and_a_token_of_zeros_covers_nothing()
    {
        using var scope = NewDisposeScope();
        var few = randn(10, 16, generator: new Generator(1));
        var features = cat([few, 3 * few, zeros(1, 16), few]);
        foreach (int tableSize in new[] { 0, 100 })
        {
            using var affinities = new CosineAffinities(features, tableSize);
            var order = CoverageGreedy.Choose(affinities, 31, new()).Order;
            Assert.Equal(Enumerable.Range(0, 10).Select(i => (long)i), order.Take(10).Order());
            Assert.Equal(Enumerable.Range(10, 21).Select(i => (long)i), order.Skip(10));
        }
    }

    [Fact]
    public void What_cannot_be_chosen_is_said()
    {
        using var features = randn(20, 8, generator: new Generator(1));
        Assert.Contains("19 of 20 tokens cannot be chosen when 2 of them are excluded", Assert.Throws<ArgumentOutOfRangeException>(() => CoverageGreedy.OfTokens(features, 19, new() { Excluded = [1, 2] })).Message, StringComparison.Ordinal);
        Assert.Contains("one for each of 20 tokens; there are 3", Assert.Throws<ArgumentException>(() => CoverageGreedy.OfTokens(features, 5, new() { Weights = [1, 2, 3] })).Message, StringComparison.Ordinal);
        features[7, 2] = float.NaN;
        Assert.Contains("token 7", Assert.Throws<ArgumentException>(() => CoverageGreedy.OfTokens(features, 5)).Message, StringComparison.Ordinal);
        Assert.Contains("token 2", Assert.Throws<ArgumentException>(() => CoverageGreedy.OfTable(features, 5)).Message, StringComparison.Ordinal);
    }
}
