using CsCheck;
using PruneNotebooks.Primitives;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Primitives;

public sealed class RankedSuppressionTests
{
    // The same walk, one token after the other.
    static (List<long> Order, int Filled) Plain(double[,] distance, long[] ranked, int count, Func<int, double> threshold)
    {
        var gone = new HashSet<long>();
        List<long> order = [];
        for (int place = 0; place < ranked.Length && order.Count < count; place++)
        {
            long token = ranked[place];
            if (!gone.Add(token)) continue;
            order.Add(token);
            foreach (long other in ranked)
                if (distance[token, other] < threshold(place + 1)) gone.Add(other);
        }
        int filled = count - order.Count;
        order.AddRange(ranked.Except(order).Take(filled).ToList());
        return (order, filled);
    }

    [Fact]
    public void It_takes_what_a_plain_walk_takes() => Gen.Select(Gen.Int[1, 120], Gen.Int[2, 8], Gen.Double[0, 0.03], Gen.ULong).Sample((tokens, width, step, seed) =>
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(seed);
        var features = randn(tokens, width, ScalarType.Float64, generator: generator);
        var unit = features / features.norm(1, keepdim: true);
        double[,] distance = new double[tokens, tokens];
        double[] flat = (1 - unit.matmul(unit.t())).data<double>().ToArray();
        for (int i = 0; i < tokens; i++)
            for (int j = 0; j < tokens; j++) distance[i, j] = flat[i * tokens + j];
        long[] ranked = SeededOrder.Of(tokens, (long)seed);
        int count = 1 + (int)(seed % (ulong)tokens);
        // Thresholds that fall on a distance to within float32 would be decided by rounding; a random case has none.
        var walk = RankedSuppression.Choose(features, ranked, count, place => place * step);
        var (order, filled) = Plain(distance, ranked, count, place => place * step);
        Assert.Equal(order, walk.Order);
        Assert.Equal(filled, walk.Filled);
    }, iter: 60, threads: 1);

    [Fact]
    public void Copies_are_removed_and_come_back_to_fill()
    {
        using var features = tensor(new float[,] { { 1, 0 }, { 2, 0 }, { 0, 1 } });
        var walk = RankedSuppression.Choose(features, [0, 1, 2], 3, _ => 0.5);
        Assert.Equal([0, 2, 1], walk.Order);
        Assert.Equal([0.5, 0.5], walk.Thresholds);
        Assert.Equal([0, 1, 2], RankedSuppression.Choose(features, [0, 1, 2], 3, _ => 0).Order);
    }

    [Fact]
    public void Rankings_and_counts_that_do_not_fit_are_refused()
    {
        using var features = ones(3, 2);
        Assert.Contains("it ranks 2", Assert.Throws<ArgumentException>(() => RankedSuppression.Choose(features, [0, 1], 1, _ => 0)).Message, StringComparison.Ordinal);
        Assert.Contains("4 of 3 tokens", Assert.Throws<ArgumentOutOfRangeException>(() => RankedSuppression.Choose(features, [0, 1, 2], 4, _ => 0)).Message, StringComparison.Ordinal);
    }
}
