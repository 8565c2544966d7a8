using System.Globalization;
using PruneNotebooks.Metrics;
using PruneNotebooks.Pruners;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Tests.Metrics.Published;

/// <summary>The plans of the catalogue cost on LLaVA-1.5-7B what the papers say: visual tokens alone, 4 n d^2 + 2 n^2 d + 3 n d m by layer.</summary>
public sealed class PublishedPlansTests
{
    static readonly PublishedFlops Vicuna = new(4096, 11008, 32) { FeedForwardMatrices = 3 };

    [Theory]
    [InlineData("fastv", 288, 306, "2.01")]             // TransPrune, Table 1
    [InlineData("fastv", 144, 171, "1.12")]
    [InlineData("pyramiddrop", 72, 270, "1.78")]        // the default; its repository and TransPrune's table
    [InlineData("transprune", 72, 236.25, "1.56")]      // "High"
    [InlineData("visionzip", 288, 288, "1.89")]
    [InlineData("visionzip", 192, 192, "1.25")]
    [InlineData("vispruner", 128, 128, "0.833")]        // VisPruner and CDPruner, derived
    [InlineData("cdpruner", 64, 64, "0.416")]
    [InlineData("vispruner", 32, 32, "0.208")]
    [InlineData("dart", 196, 219.75, "1.438")]          // budgets 192, 128, 64 keep four tokens more
    [InlineData("dart", 132, 159.75, "1.044")]
    [InlineData("dart", 68, 99.75, "0.653")]
    [InlineData("vscan", 32, 64, "0.416")]              // 96 before the decoder, 32 from layer 16 on; printed 415 G, the formula gives 415.8
    [InlineData("adaptinfer", 18, 146.25, null)]        // "128 tokens": what its layers really see
    public void A_plan_costs_what_the_paper_says(string slug, int keep, double average, string? teraflops)
    {
        var (byLayer, mean) = MethodCatalogue.Find(slug).Plan(keep, ModelDimensions.Llava15).VisualTokens(576, 32);
        Assert.Equal(average, mean);
        if (teraflops is null) return;
        int digits = teraflops.Length - teraflops.IndexOf('.', StringComparison.Ordinal) - 1;
        Assert.Equal(teraflops, (Vicuna.Total(byLayer) / 1e12).ToString($"F{digits}", CultureInfo.InvariantCulture));
    }

    [Fact]
    public void The_whole_picture_costs_what_every_paper_says() => Assert.Equal("3.82", (Vicuna.Total(576) / 1e12).ToString("F2", CultureInfo.InvariantCulture));

    [Fact]
    public void PyramidDrop_cannot_reach_the_averages_that_others_table_for_it() =>
        Assert.Null(MethodCatalogue.Find("pyramiddrop").PlanForAverage(128, ModelDimensions.Llava15));
}
