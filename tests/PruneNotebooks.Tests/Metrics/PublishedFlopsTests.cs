using PruneNotebooks.Metrics;

namespace PruneNotebooks.Tests.Metrics;

/// <summary>The figures that papers print, to the last printed digit where their formula gives them.</summary>
public sealed class PublishedFlopsTests
{
    static readonly PublishedFlops Llama7B = new(4096, 11008, 32), Llama13B = new(5120, 13824, 40);
    static readonly PublishedFlops Gated7B = Llama7B with { FeedForwardMatrices = 3 };

    // FastV, arXiv 2403.06764, Table 1: LLaVA-1.5-13B, n = 36 + 576, mean per layer in units of 1e9.
    [Theory]
    [InlineData(576, 0, 154.6)]
    [InlineData(58, 2, 29.7)]
    [InlineData(144, 2, 50.2)]
    [InlineData(288, 2, 84.6)]
    [InlineData(58, 3, 33.0)]
    [InlineData(144, 3, 52.9)]
    [InlineData(288, 3, 86.4)]
    [InlineData(58, 5, 39.6)]
    [InlineData(144, 5, 58.4)]
    [InlineData(288, 5, 90.1)]
    public void FastV_13B_per_layer(int keep, int k, double printed) =>
        Assert.Equal(printed, Llama13B.PerLayer(36 + 576, 36 + keep, k) / 1e9, tolerance: 0.15);

    // The same table for the 7B model, whose rows the formula meets within 0.4; here the formula's own values.
    [Theory]
    [InlineData(576, 0, 99.3)]
    [InlineData(58, 2, 20.1)]
    [InlineData(144, 2, 33.0)]
    [InlineData(288, 2, 54.8)]
    [InlineData(58, 3, 22.8)]
    [InlineData(144, 3, 35.2)]
    [InlineData(288, 3, 56.3)]
    [InlineData(58, 5, 28.1)]
    [InlineData(144, 5, 39.6)]
    [InlineData(288, 5, 59.2)]
    public void FastV_7B_per_layer(int keep, int k, double formula) =>
        Assert.Equal(formula, Llama7B.PerLayer(36 + 576, 36 + keep, k) / 1e9, tolerance: 0.15);

    // TransPrune's Table 1: gated feed-forward, visual tokens only, sum over 32 layers in units of 1e12.
    [Theory]
    [InlineData(576, 0, 3.82)]
    [InlineData(288, 2, 2.01)]
    [InlineData(144, 2, 1.12)]
    public void FastV_in_the_table_of_TransPrune(int keep, int k, double printed) =>
        Assert.Equal(printed, Math.Round(Gated7B.Total(576, keep, k) / 1e12, 2));

    // HiPrune, arXiv 2508.00553: 192 of 576 visual tokens before the first layer.
    [Fact]
    public void HiPrune_at_a_third_of_the_tokens() => Assert.Equal(1.25, Math.Round(Gated7B.Total(192) / 1e12, 2));

    // DivPrune, arXiv 2503.02175, the rows with a constant number of visual tokens: means over 11 image sets with these numbers of text tokens; TFLOPs full, pruned, and percent (mean of the ratios).
    [Theory]
    [InlineData(4096, 11008, 32, 576, 0.098, 3.228, 0.512, 15.63)]
    [InlineData(5120, 13824, 40, 576, 0.098, 6.281, 1.002, 15.71)]
    public void DivPrune_table(int width, int feedForward, int layers, int visual, double ratio, double full, double pruned, double percent)
    {
        int[] text = [15, 15, 23, 83, 25, 113, 15, 39, 21, 91, 57];
        var model = new PublishedFlops(width, feedForward, layers);
        int dropped = (int)Math.Round((1 - ratio) * visual);
        double[] all = [.. text.Select(t => model.Total(t + visual) / 1e12)], left = [.. text.Select(t => model.Total(t + visual, t + visual - dropped, 0) / 1e12)];
        Assert.Equal(full, Math.Round(all.Average(), 3));
        Assert.Equal(pruned, Math.Round(left.Average(), 3));
        Assert.Equal(percent, Math.Round(100 * left.Zip(all, (p, f) => p / f).Average(), 2));
    }

    [Fact]
    public void Pruning_before_a_layer_that_is_not_there_is_refused() =>
        Assert.Contains("32 layers", Assert.Throws<ArgumentOutOfRangeException>(() => Llama7B.Total(576, 64, 33)).Message, StringComparison.Ordinal);
}
