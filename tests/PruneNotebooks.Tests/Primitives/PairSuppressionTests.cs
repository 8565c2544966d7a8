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
    public void It_leaves_what_the_plain_rule_leaves_in_its_order() => Gen.Select(Gen.Int[2, 400], Gen.Double[0, 1], Gen.Int[1, 9], Gen.ULong).Sample((tokens, share, perRound, seed) =>
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(seed);
        // Signs: all norms are 8, so that similarities are exact in float32 and often equal. Some tokens are near-copies of one, in neighbourhoods that are larger than a list.
        var signs = rand([tokens, 64], generator: generator).lt(0.5).to_type(ScalarType.Float32).mul(2).sub(1);
        var flips = rand([tokens, 64], generator: generator).lt(0.1).to_type(ScalarType.Float32).mul(-2).add(1);
        var features = where(rand([tokens, 1], generator: generator).lt(share), signs[0] * flips, signs);
        double[] flat = features.matmul(features.t()).div(64).to_type(ScalarType.Float64).data<double>().ToArray();
        double[,] similarity = new double[tokens, tokens];
        Buffer.BlockCopy(flat, 0, similarity, 0, flat.Length * sizeof(double));
        long[] list = [.. SeededOrder.Of(tokens, (long)seed).Take(tokens - 1)];
        int count = (int)(seed % (ulong)list.Length);
        Assert.Equal(count == 0 ? [] : Plain(similarity, list, count, perRound), PairSuppression.Thin(features, list, count, perRound));
    }, iter: 60, threads: 1);

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
