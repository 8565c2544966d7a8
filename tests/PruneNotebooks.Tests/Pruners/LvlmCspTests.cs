using PruneNotebooks.Pruners;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Tests.Pruners;

public sealed class LvlmCspTests
{
    [Fact]
    public void Layers_see_few_then_all_then_few()
    {
        var (byLayer, average) = LvlmCsp.Plan(8, new ModelDimensions(144, 5, 3, 12)).VisualTokens(144, 12);
        Assert.Equal([36, 36, 36, 36, 144, 144, 144, 8, 8, 8, 8, 8], byLayer);
        Assert.Equal(51.3, average, tolerance: 0.05);
    }

    [Theory]
    [InlineData(Representatives.ClsAttention)]
    [InlineData(Representatives.Uniform)]
    [InlineData(Representatives.Random)]
    [InlineData(Representatives.Objects)]
    public void Representatives_are_chosen_in_one_of_four_ways(Representatives representatives)
    {
        var method = new LvlmCsp { Representatives = representatives };
        using var sample = new SampleContext(new TokenGrid(5, 6), method.Needs, seed: 1);
        using var selection = method.Select(sample.Context(), 9);
        Assert.Equal(9, selection.Count);       // three objects of ten, three of each
        if (representatives == Representatives.Uniform) Assert.Equal(Enumerable.Range(0, 9).Select(i => 3L * i), selection.Kept);
        if (representatives == Representatives.Objects) Assert.Equal([0, 3, 6, 10, 13, 16, 20, 23, 26], selection.Kept);
    }

    [Fact]
    public void Without_scattering_nothing_comes_back() => Assert.Equal([9, 9, 4, 4], LvlmCsp.Plan(9, 2, 0, 4).VisualTokens(30, 4).ByLayer);
}
