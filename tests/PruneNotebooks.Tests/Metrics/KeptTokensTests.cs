using PruneNotebooks.Metrics;
using PruneNotebooks.Primitives;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Metrics;

public sealed class KeptTokensTests
{
    // Two directions at a right angle, one between them, and the opposite of the first.
    readonly Tensor features = tensor(new float[,] { { 2, 0 }, { 0, 1 }, { 3, 3 }, { -1, 0 } });

    [Fact]
    public void Cosines_are_those_of_pairs()
    {
        Assert.Equal(0, KeptTokens.MeanCosine(features, [0, 1]), 1e-6);
        Assert.Equal(-1, KeptTokens.MeanCosine(features, [0, 3]), 1e-6);
        Assert.Equal((0 + Math.Sqrt(0.5) + Math.Sqrt(0.5)) / 3, KeptTokens.MeanCosine(features, [0, 1, 2]), 1e-6);
        Assert.Equal(0, KeptTokens.MeanCosine(features, [2]));
    }

    [Fact]
    public void Coverage_is_the_likeness_to_the_most_similar_kept_token()
    {
        Assert.Equal((1 + 0 + Math.Sqrt(0.5) + 0) / 4, KeptTokens.Coverage(features, [0]), 1e-6);
        Assert.Equal(1, KeptTokens.Coverage(features, [0, 1, 2, 3]), 1e-6);
        Assert.Equal(0.5, KeptTokens.CoveredShare(features, [0], 0.7), 1e-9);
    }

    [Fact]
    public void Hopkins_tells_clusters_from_spread_tokens()
    {
        // Kept: a token and one 45 degrees from it. Distances among them 1 - r twice, of all four tokens to them 0, 1 - r, 0, 1 + r; r = sqrt(1/2).
        double r = Math.Sqrt(0.5), apart = 2 * (1 - r), away = 2 * (1 - r + 1 + r) / 4;
        Assert.Equal(away / (apart + away), KeptTokens.Hopkins(features, [0, 2]), 1e-6);
        Assert.Equal(0, KeptTokens.Hopkins(features, [0, 1, 2, 3]), 1e-6);
        Assert.True(KeptTokens.Hopkins(features, [0, 2]) > KeptTokens.Hopkins(features, [1, 3]));
        Assert.Equal(0.5, KeptTokens.Hopkins(ones(4, 2), [0, 1]));
        Assert.Contains("1 is kept", Assert.Throws<ArgumentException>(() => KeptTokens.Hopkins(features, [3])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_determinant_is_that_of_the_kernel()
    {
        // [[4, 6r], [6r, 9]] with r = sqrt(1/2): 36 - 18.
        Assert.Equal(Math.Log(18), KeptTokens.LogDeterminant(features, [2, 1, 3, 1], [0, 2]), 1e-6);
        Assert.Equal(double.NegativeInfinity, KeptTokens.LogDeterminant(features, [1, 1, 1, 1], [0, 3]));
        var many = randn(20, 30);
        double[] quality = [.. Enumerable.Range(1, 20).Select(i => 1.0 / i)];
        var greedy = DeterminantalGreedy.Choose(many, quality, 6);
        Assert.Equal(greedy.LogDeterminant, KeptTokens.LogDeterminant(many, quality, greedy.Order), 1e-3);
    }

    [Fact]
    public void Shares_cells_rows_and_sets_are_counted()
    {
        var grid = new TokenGrid(4, 6);
        Assert.Equal(0.7, KeptTokens.ShareOf([1, 2, 3, 4], [2, 3]), 1e-9);
        Assert.Equal(2 / 4.0, KeptTokens.CellsHit(grid, [0, 1, 7, 23], 2, 2));
        Assert.Equal(3 / 4.0, KeptTokens.CellsHit(grid, [0, 1, 7, 23], 4, 1));
        Assert.Equal((0 + 1 / 3.0 + 1) / 3, KeptTokens.MeanRow(grid, [0, 7, 23]), 1e-9);
        Assert.Equal(1 / 3.0, KeptTokens.Jaccard([1, 2], [2, 3]), 1e-9);
    }
}
