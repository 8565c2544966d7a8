using CsCheck;
using PruneNotebooks.Primitives;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Primitives;

public sealed class PairSuppressionTests
{
    // The rule as it is written down: all pairs, round by round.
    static long[] Plain(double[,] similarity, IEnumerable<long> list, int count, int perRound)
    {
        var left = list.ToList();
        while (left.Count > count)
        {
            var even = left.Where((_, place) => place % 2 == 0).ToList();
            var odd = left.Where((_, place) => place % 2 == 1).ToList();
            var sorted = even.OrderByDescending(a => odd.Max(b => similarity[a, b])).ToList();
            left = [.. sorted.Skip(Math.Min(perRound, left.Count - count)), .. odd];
        }
        return [.. left];
    }

    [Fact]
    public void It_leaves_what_the_plain_rule_leaves_in_its_order() => Gen.Select(Gen.Int[2, 400], Gen.Int[3, 12], Gen.Int[1, 9], Gen.ULong).Sample((tokens, width, perRound, seed) =>
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(seed);
        // Whole numbers in some dimensions give neighbourhoods that are denser than a list is long.
        var features = randn(tokens, width, ScalarType.Float64, generator: generator).mul(0.2) + randint(0, 2, [tokens, 1], ScalarType.Float64, generator: generator).mul(3);
        var unit = features / features.norm(1, keepdim: true);
        double[] flat = unit.matmul(unit.t()).data<double>().ToArray();
        double[,] similarity = new double[tokens, tokens];
        Buffer.BlockCopy(flat, 0, similarity, 0, flat.Length * sizeof(double));
        long[] list = [.. SeededOrder.Of(tokens, (long)seed).Take(tokens - 1)];
        int count = (int)(seed % (ulong)list.Length);
        if (MathF.Abs((float)Closest(flat, tokens)) < 1e-6) return;
        Assert.Equal(count == 0 ? [] : Plain(similarity, list, count, perRound), PairSuppression.Thin(features, list, count, perRound));
    }, iter: 40, threads: 1);

    // How near two different similarities come to each other: below float32's error the order is rounding's.
    static double Closest(double[] flat, int tokens)
    {
        double[] above = [.. from i in Enumerable.Range(0, tokens) from j in Enumerable.Range(i + 1, tokens - i - 1) select flat[i * tokens + j]];
        Array.Sort(above);
        return above.Length < 2 ? 1 : Enumerable.Range(1, above.Length - 1).Min(i => above[i] - above[i - 1]);
    }

    [Fact]
    public void The_duplicate_at_the_odd_place_stays()
    {
        using var features = tensor(new float[,] { { 1, 0 }, { 0, 1 }, { 2, 0 }, { 1, 1 } });
        Assert.Equal([3, 2, 1], PairSuppression.Thin(features, [3, 2, 0, 1], 3, 1));
    }

    [Fact]
    public void Counts_that_do_not_fit_are_refused()
    {
        using var features = ones(3, 2);
        Assert.Contains("list of 2 tokens 3", Assert.Throws<ArgumentOutOfRangeException>(() => PairSuppression.Thin(features, [0, 1], 3)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => PairSuppression.Thin(features, [0, 1], 1, perRound: 0));
    }
}
