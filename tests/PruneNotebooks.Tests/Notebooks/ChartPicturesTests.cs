using System.Text;
using System.Text.Json.Nodes;
using PruneNotebooks.Tool.Notebooks;
using SkiaSharp;

namespace PruneNotebooks.Tests.Notebooks;

public sealed class ChartPicturesTests
{
    static JsonArray Chart(string figure) => [new JsonObject
    {
        ["data"] = new JsonObject { [CommittedForm.Plotly] = JsonNode.Parse(figure), ["text/plain"] = new JsonArray("a chart") },
        ["metadata"] = new JsonObject(),
        ["output_type"] = "display_data",
    }];

    [Fact]
    public async Task Every_chart_gets_its_picture_in_one_start_of_the_browser()
    {
        Chromium? browser = Chromium.Find();
        Assert.SkipUnless(browser is not null, "no Chromium on this machine");
        JsonArray bar = Chart("""{"data":[{"type":"bar","x":["</script>"],"y":[1],"marker":{"color":"#ff0000"},"width":10}],"layout":{"width":300,"height":200,"margin":{"l":0,"r":0,"t":0,"b":0}}}"""),
            line = Chart("""{"data":[{"y":[1,2]}]}"""), drawn = Chart("{}");
        drawn[0]!["data"]!["image/png"] = "kept";
        Assert.Null(await ChartPictures.AddAsync([bar, line, drawn], browser, TestContext.Current.CancellationToken));
        using SKBitmap picture = Picture(bar), other = Picture(line);
        Assert.Equal((600, 400), (picture.Width, picture.Height));
        Assert.Equal(new SKColor(255, 0, 0), picture.GetPixel(300, 300));
        Assert.Equal((1400, 900), (other.Width, other.Height));
        Assert.Equal("""{"image/png":{"alt":"a chart","height":200,"width":300}}""", bar[0]!["metadata"]!.ToJsonString());
        Assert.Equal(["application/vnd.plotly.v1+json", "image/png", "text/plain"], bar[0]!["data"]!.AsObject().Select(item => item.Key));
        Assert.Equal("kept", (string)drawn[0]!["data"]!["image/png"]!);
    }

    static SKBitmap Picture(JsonArray output) => SKBitmap.Decode(Convert.FromBase64String((string)output[0]!["data"]!["image/png"]!));

    [Fact]
    public async Task A_chart_that_plotly_cannot_draw_is_told_and_the_others_are_drawn()
    {
        Chromium? browser = Chromium.Find();
        Assert.SkipUnless(browser is not null, "no Chromium on this machine");
        JsonArray bad = Chart("""{"data":[null]}"""), good = Chart("""{"data":[{"y":[1,2]}]}""");
        string? problem = await ChartPictures.AddAsync([bad, good], browser, TestContext.Current.CancellationToken);
        Assert.StartsWith("A chart left without a picture: plotly.js says 'Cannot read", problem);
        Assert.Null(bad[0]!["data"]!["image/png"]);
        Assert.NotNull(good[0]!["data"]!["image/png"]);
    }

    static JsonArray Cell(string code) => [new JsonObject
    {
        ["data"] = new JsonObject { [CommittedForm.JavaScript] = new JsonObject { ["code"] = code, ["values"] = new JsonObject { ["size"] = 40 } } },
        ["metadata"] = new JsonObject(),
        ["output_type"] = "display_data",
    }];

    [Theory]
    [InlineData("""element.innerHTML = `<svg width="${2 * size}" height="${size}" style="display:block"><rect width="100%" height="100%" fill="#ff0000"/></svg>`""")]
    [InlineData("""const c = document.createElement("canvas"); c.width = 2 * size; c.height = size; c.style.display = "block"; const pen = c.getContext("2d"); pen.fillStyle = "#f00"; pen.fillRect(0, 0, 80, 40); await null; return c;""")]
    public async Task What_a_cell_in_JavaScript_draws_becomes_a_picture(string code)
    {
        Chromium? browser = Chromium.Find();
        Assert.SkipUnless(browser is not null, "no Chromium on this machine");
        JsonArray cell = Cell(code), chart = Chart("""{"data":[{"y":[1,2]}]}""");
        Assert.Null(await ChartPictures.AddAsync([cell, chart], browser, TestContext.Current.CancellationToken));
        using SKBitmap picture = Picture(cell);
        Assert.Equal((160, 80), (picture.Width, picture.Height));
        Assert.Equal(new SKColor(255, 0, 0), picture.GetPixel(80, 40));
        Assert.NotNull(chart[0]!["data"]!["image/png"]);
    }

    [Theory]
    [InlineData("""throw new Error("no such token")""", "JavaScript: Error: no such token")]
    [InlineData("let = 1 </script>", "JavaScript: SyntaxError")]
    [InlineData("const x = size;", "the cell drew nothing")]
    public async Task A_cell_in_JavaScript_that_fails_is_told(string code, string expected)
    {
        Chromium? browser = Chromium.Find();
        Assert.SkipUnless(browser is not null, "no Chromium on this machine");
        JsonArray bad = Cell(code), good = Cell("return 'text';");
        Assert.StartsWith($"A JavaScript cell left without a picture: '{expected}", await ChartPictures.AddAsync([bad, good], browser, TestContext.Current.CancellationToken));
        Assert.Null(bad[0]!["data"]!["image/png"]);
        Assert.NotNull(good[0]!["data"]!["image/png"]);
    }

    [Fact]
    public void A_chart_that_has_not_changed_keeps_its_picture()
    {
        JsonArray committed = Chart("""{"layout":{"width":30.0},"data":[{"y":[1,2]}]}"""), same = Chart("""{"data":[{"y":[1,2]}],"layout":{"width":30}}"""), other = Chart("""{"data":[]}""");
        committed[0]!["data"]!["image/png"] = "AAAA";
        committed[0]!["metadata"] = new JsonObject { ["image/png"] = new JsonObject { ["width"] = 30 } };
        JsonObject cell = NotebookFiles.Code("1");
        cell["outputs"] = committed;
        Notebook notebook = Notebook.Parse(Encoding.UTF8.GetBytes(NotebookFiles.Json(cell)), "a.ipynb");
        same.Add(other[0]!.DeepClone());
        ChartPictures.Keep(new(notebook, [new(NotebookRunner.Steps(notebook)[0], TimeSpan.Zero, same)]) { Complete = true });
        Assert.Equal("AAAA", (string)same[0]!["data"]!["image/png"]!);
        Assert.Equal("""{"image/png":{"alt":"a chart","width":30}}""", same[0]!["metadata"]!.ToJsonString());
        Assert.Null(same[1]!["data"]!["image/png"]);
    }

    [Fact]
    public async Task Without_a_browser_one_line_says_so()
    {
        JsonArray chart = Chart("{}");
        Assert.StartsWith("One chart is left without a picture: no Chromium found", await ChartPictures.AddAsync([chart], null, TestContext.Current.CancellationToken));
        Assert.Null(await ChartPictures.AddAsync([[]], null, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_browser_that_does_not_draw_is_told()
    {
        Assert.SkipUnless(File.Exists("/bin/true"), "needs a program that does nothing");
        Assert.Equal("One chart is left without a picture: the browser did not finish drawing.",
            await ChartPictures.AddAsync([Chart("{}")], new Chromium("/bin/true"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_page_draws_its_charts_and_refers_to_nothing_outside()
    {
        Chromium? browser = Chromium.Find();
        Assert.SkipUnless(browser is not null, "no Chromium on this machine");
        JsonObject cell = NotebookFiles.Code("chart // <b>");
        cell["outputs"] = Chart("""{"data":[{"y":[1,2],"name":"</script><b>"}],"layout":{"title":{"text":"the title"}}}""");
        Notebook notebook = Notebook.Parse(Encoding.UTF8.GetBytes(NotebookFiles.Json(NotebookFiles.Text("# A *title*"), cell)), "a.ipynb");
        string html = HtmlPage.Of(notebook, ".");
        Assert.Contains("<title>A title</title>", html);
        string page = Path.Combine(Directory.CreateTempSubdirectory("prune-test-").FullName, "a.html");
        await File.WriteAllTextAsync(page, html, TestContext.Current.CancellationToken);
        string drawn = await browser!.RenderAsync(page, TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        Assert.Contains("main-svg", drawn);
        Assert.Contains(">the title</text>", drawn);
    }
}
