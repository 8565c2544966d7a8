using CsCheck;
using PruneNotebooks.Primitives;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Primitives;

public sealed class FarthestPointsTests
{
    // Every distance by itself, one choice after the other.
    static List<long> Plain(double[][] features, double[][] points, long[] candidates, int count, double weight)
    {
        double Distance(double[] a, double[] b) => Math.Sqrt(a.Zip(b, (x, y) => (x - y) * (x - y)).Sum());
        double Cosine(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum() / Math.Sqrt(a.Sum(x => x * x) * b.Sum(x => x * x));
        double length = candidates.Max(i => Distance(points[i], points[candidates[0]]));
        List<long> order = [candidates[0]];
        while (order.Count < count)
            order.Add(candidates.Except(order).MaxBy(i => order.Min(j => weight * Distance(points[i], points[j]) / (length > 0 ? length : 1) + (1 - weight) * (1 - Cosine(features[i], features[j])))));
        return order;
    }

    [Fact]
    public void It_chooses_what_all_distances_one_by_one_would_choose() => Gen.Select(Gen.Int[2, 400], Gen.Double[0, 1], Gen.ULong).Sample((tokens, weight, seed) =>
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(seed);
        Tensor features = randn(tokens, 6, ScalarType.Float64, generator: generator), points = randn(tokens, 3, ScalarType.Float64, generator: generator);
        int count = 1 + (int)(seed % (ulong)tokens);
        long[] candidates = SeededOrder.Of(tokens, (long)seed);
        // Late distances lie closer together than float32 can tell apart: compare while they do not.
        int first = Math.Min(count, 40);
        Assert.Equal(Plain(Rows(features), Rows(points), candidates, first, weight), FarthestPoints.Choose(features, points, candidates, count, weight)[..first]);
        Assert.Equal(count, FarthestPoints.Choose(features, points, candidates, count, weight).Distinct().Count());
    }, iter: 40, threads: 1);

    [Fact]
    public void In_space_alone_the_corners_of_a_line_come_first_and_equals_in_their_order()
    {
        using var features = rand(9, 4);
        using var line = cat([arange(9, ScalarType.Float32).unsqueeze(1), zeros(9, 2)], 1);
        Assert.Equal([0, 8, 4, 2, 6], FarthestPoints.Choose(features, line, [0, 1, 2, 3, 4, 5, 6, 7, 8], 5, spatialWeight: 1));
        Assert.Equal([3, 8, 0], FarthestPoints.Choose(features, line, [3, 8, 7, 0], 3, spatialWeight: 1));
    }

    [Fact]
    public void Copies_in_one_place_are_chosen_in_their_order()
    {
        using var features = ones(300, 4);
        using var points = zeros(300, 3);
        Assert.Equal(Enumerable.Range(0, 200).Select(i => (long)i), FarthestPoints.Choose(features, points, [.. Enumerable.Range(0, 300).Select(i => (long)i)], 200, 0.5));
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        using var features = ones(3, 2);
        using var points = zeros(2, 3);
        Assert.Contains("points [3, 3]", Assert.Throws<ArgumentException>(() => FarthestPoints.Choose(features, points, [0], 1, 0.5)).Message, StringComparison.Ordinal);
        Assert.Contains("2 of 1 candidates", Assert.Throws<ArgumentOutOfRangeException>(() => FarthestPoints.Choose(features, features, [0], 2, 0.5)).Message, StringComparison.Ordinal);
    }

    static double[][] Rows(Tensor matrix) => [.. matrix.data<double>().ToArray().Chunk((int)matrix.shape[1])];
}
