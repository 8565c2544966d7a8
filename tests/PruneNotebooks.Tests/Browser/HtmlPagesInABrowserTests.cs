using System.Text;
using System.Text.Json.Nodes;
using PruneNotebooks.Tests.Notebooks;
using PruneNotebooks.Tool.Notebooks;

namespace PruneNotebooks.Tests.Browser;

/// <summary>Pages that <c>prune run --html</c> writes, opened in a real browser without network.</summary>
[Collection(Browser.Collection)]
public sealed class HtmlPagesInABrowserTests(Browser browser)
{
    Task<OpenPage> Open(params JsonObject[] cells) =>
        browser.Open(HtmlPage.Of(Notebook.Parse(Encoding.UTF8.GetBytes(NotebookFiles.Json(cells)), "a.ipynb"), Path.GetTempPath()));

    [Fact]
    public async Task Formulas_are_set_in_their_line_or_on_one_of_their_own()
    {
        await using var page = await Open(NotebookFiles.Text(
            """
            Inline $s_i \ge \tau$ and `$code$`, shown: $$\frac{1}{N}\sum_i A_{ij}$$ and

            $$
            \left(\frac{QK^\top}{\sqrt{d}}\right)
            $$

            and a broken one: $\frac{1}{$.
            """));
        await page.Until("document.querySelectorAll('.katex').length === 3");
        Assert.Equal(2, await page.Value<int>("document.querySelectorAll('.katex-display').length"));
        Assert.Equal(3, await page.Value<int>("document.querySelectorAll('.katex math').length")); // for screen readers
        Assert.True(await page.Value<bool>("document.querySelector('.katex-display .katex-html').getBoundingClientRect().height > 30"));
        Assert.True(await page.Value<bool>("document.fonts.ready.then(fonts => [...fonts].some(font => font.family === 'KaTeX_Math' && font.status === 'loaded'))"));
        Assert.Equal("$code$", await page.Value<string>("document.querySelector('code').textContent"));
        Assert.Equal("\\frac{1}{", await page.Value<string>("document.querySelector('.katex-error').textContent"));
        Assert.Empty(page.Complaints);
    }

    [Fact]
    public async Task Charts_are_drawn_and_have_a_text()
    {
        JsonObject cell = NotebookFiles.Code("chart");
        cell["outputs"] = new JsonArray(JsonNode.Parse(
            """{"output_type":"display_data","data":{"application/vnd.plotly.v1+json":{"data":[{"y":[1,3,2]}],"layout":{"title":{"text":"A chart"}}},"text/plain":["chart: A chart"]},"metadata":{}}"""));
        await using var page = await Open(cell);
        await page.Until("[...document.querySelectorAll('.chart svg')].some(svg => svg.textContent.includes('A chart'))");
        Assert.Equal("chart: A chart", await page.Value<string>("document.querySelector('.chart').getAttribute('aria-label')"));
        Assert.Empty(page.Complaints);
    }
}
