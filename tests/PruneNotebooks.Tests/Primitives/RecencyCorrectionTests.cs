using PruneNotebooks.Primitives;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Primitives;

public sealed class RecencyCorrectionTests
{
    const int HeadSize = 8;

    [Fact]
    public void Attention_that_distance_alone_explains_becomes_even()
    {
        using var scope = NewDisposeScope();
        double[] attention = [.. Enumerable.Range(0, 6).Select(j => Ones(9 - j))];
        var corrected = RecencyCorrection.Of(tensor(attention, ScalarType.Float32).view(1, 1, 6), [9], [0, 1, 2, 3, 4, 5], HeadSize, heads: 1);
        Assert.All(corrected.Scores, score => Assert.Equal(1, score, tolerance: 1e-5));
    }

    [Fact]
    public void Only_distances_count_and_gaps_are_seen()
    {
        using var scope = NewDisposeScope();
        var attention = rand(3, 2, 3);
        var near = RecencyCorrection.Of(attention, [20, 22], [3, 7, 15], HeadSize, heads: 2);
        Assert.Equal(near.Scores, RecencyCorrection.Of(attention, [120, 122], [103, 107, 115], HeadSize, heads: 2).Scores);
        Assert.NotEqual(near.Scores, RecencyCorrection.Of(attention, [20, 22], [3, 4, 5], HeadSize, heads: 2).Scores);
    }

    [Fact]
    public void The_heads_that_look_most_at_the_picture_count_and_the_lowest_of_equals()
    {
        using var scope = NewDisposeScope();
        var attention = tensor([1f, 3, 3, 2]).view(4, 1, 1).expand(4, 1, 2);
        var corrected = RecencyCorrection.Of(attention, [5], [3, 4], HeadSize, heads: 2);
        Assert.Equal([1, 2], corrected.Heads);
        Assert.Equal([0, 1, 2, 3], RecencyCorrection.Of(attention, [5], [3, 4], HeadSize, heads: 14).Heads.Order());
    }

    // Two all-ones vectors turned by their positions.
    static double Ones(int distance) => 2 / Math.Sqrt(HeadSize) * Enumerable.Range(0, HeadSize / 2).Sum(i => Math.Cos(distance * Math.Pow(10000, -2.0 * i / HeadSize)));
}
