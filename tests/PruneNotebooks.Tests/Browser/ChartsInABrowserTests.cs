using PruneNotebooks.Display;

namespace PruneNotebooks.Tests.Browser;

/// <summary>The live form of charts, drawn by a real browser without network.</summary>
[Collection(Browser.Collection)]
public sealed class ChartsInABrowserTests(Browser browser)
{
    const string Drawn = "[...document.querySelectorAll('[role=img]')].filter(chart => chart.querySelector('.main-svg') && chart.textContent.includes('A chart')).length";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_first_chart_brings_the_script_and_the_others_use_it(bool requireJs)
    {
        var chart = Charts.Lines([new("rank </script>", [1, 2, 3], [3, 1, 2])], "layer", "rank", "A chart");
        string[] outputs = [PlotlyOutput.Html(chart, withScript: false), PlotlyOutput.Html(chart, withScript: true), PlotlyOutput.Html(chart, withScript: false)];
        Assert.InRange(outputs[1].Length, 1_000_000, 2_500_000);
        Assert.All([outputs[0], outputs[2]], output => Assert.InRange(output.Length, 1000, 30_000));

        await using var page = await browser.Open(string.Concat(outputs), requireJs);
        await page.Until($"{Drawn} === 3");
        Assert.Equal("rank </script>", await page.Value<string>("document.querySelectorAll('[role=img]')[1].data[0].name"));
        Assert.Equal(requireJs ? "function" : "undefined", await page.Value<string>("typeof window.define")); // as the page had it
        Assert.Empty(page.Complaints);
    }

    [Fact]
    public async Task A_chart_without_its_script_says_what_to_do()
    {
        await using var page = await browser.Open(PlotlyOutput.Html(Charts.Lines([new("a", [1, 2], [3, 4])], "x", "y"), withScript: false));
        await page.Until("document.querySelector('[role=img]').textContent.includes('restart the kernel and run the notebook from the top.')");
    }
}
