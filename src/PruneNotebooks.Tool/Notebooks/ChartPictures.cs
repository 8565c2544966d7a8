using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AngleSharp.Html.Parser;
using PruneNotebooks.Display;

namespace PruneNotebooks.Tool.Notebooks;

/// <summary>Gives every chart and every drawing by JavaScript a picture beside its data, for readers of the file whose viewer runs no scripts.</summary>
public static class ChartPictures
{
    /// <summary>Pictures have this many pixels for each one of the chart, to look sharp on every screen.</summary>
    const int Scale = 2;

    /// <summary>Gives drawings that look as before the picture that they had: it cannot be better, and another browser would draw other bytes.</summary>
    public static void Keep(ExecutedNotebook run)
    {
        foreach (ExecutedCell cell in run.Cells.Where(cell => !cell.Step.Injected && cell.Step.Cell.Outputs.ValueKind == JsonValueKind.Array))
        {
            List<Drawing> before = [.. Drawing.In((JsonArray)JsonNode.Parse(cell.Step.Cell.Outputs.GetRawText())!)];
            foreach (Drawing drawing in Drawing.In(cell.Outputs))
            {
                Drawing? same = before.FirstOrDefault(old => old.Type == drawing.Type && JsonNode.DeepEquals(old.Content, drawing.Content));
                if (same?.Data["image/png"] is { } picture) drawing.Give(picture.DeepClone(), (JsonObject?)same.Output["metadata"]?.DeepClone() ?? []);
            }
        }
    }

    /// <summary>Draws everything that has no picture yet, in one start of the browser.</summary>
    /// <returns>Null, or a sentence about what could not be drawn; the outputs are usable in any case.</returns>
    public static async Task<string?> AddAsync(IEnumerable<JsonArray> outputs, Chromium? browser, CancellationToken cancel)
    {
        List<Drawing> drawings = [.. outputs.SelectMany(Drawing.In).Where(drawing => drawing.Data["image/png"] is null)];
        if (drawings.Count == 0) return null;
        if (browser is null)
            return $"{Count(drawings.Count)} left without a picture: no Chromium found (install chromium, or name one in {Chromium.Variable}).";
        string page = Path.Combine(Path.GetTempPath(), $"prune-charts-{Path.GetRandomFileName()}.html");
        try
        {
            await File.WriteAllTextAsync(page, Page(drawings), cancel);
            string rendered = await browser.RenderAsync(page, TimeSpan.FromSeconds(60 * drawings.Count), cancel);
            return Take(drawings, rendered);
        }
        finally
        {
            File.Delete(page);
        }
    }

    static string Page(List<Drawing> drawings)
    {
        var page = new StringBuilder("<!doctype html><meta charset=\"utf-8\"><style>.javascript { width: max-content; font: 14px sans-serif; }</style>\n");
        if (drawings.Any(drawing => drawing.IsChart)) page.Append("<script>").Append(Charts.Script).Append("</script>\n");
        page.Append("<body>\n");
        foreach (Drawing cell in drawings.Where(drawing => !drawing.IsChart)) page.Append(JavaScriptCell.Fragment(Charts.Literal(cell.Content))).Append('\n');
        IEnumerable<string> jobs = drawings.Select(drawing =>
        {
            if (!drawing.IsChart) return "null";
            (int width, int height) = Charts.Size(drawing.Content);
            return $"{{ figure: {Charts.Literal(drawing.Content)}, width: {width}, height: {height} }}";
        });
        return page.Append("<script>\nconst scale = ").Append(Scale).Append(", jobs = [\n").AppendJoin(",\n", jobs).Append("];\n").Append(PageResource.Text("Page.pictures.js")).Append("</script>\n").ToString();
    }

    static string? Take(List<Drawing> drawings, string rendered)
    {
        JsonArray? results = null;
        try
        {
            results = JsonNode.Parse(new HtmlParser().ParseDocument(rendered).QuerySelector("body > pre")?.TextContent ?? "") as JsonArray;
        }
        catch (JsonException)
        {
            // No result: the browser failed.
        }
        if (results?.Count != drawings.Count) return $"{Count(drawings.Count)} left without a picture: the browser did not finish drawing.";
        string? problem = null;
        foreach ((Drawing drawing, JsonNode? result) in drawings.Zip(results))
        {
            if ((string?)result!["png"] is { Length: > 0 } picture)
            {
                var size = new JsonObject { ["height"] = (int)result["height"]!, ["width"] = (int)result["width"]! };
                drawing.Give(picture, new JsonObject { ["image/png"] = size });
            }
            else problem ??= $"{(drawing.IsChart ? "A chart left without a picture: plotly.js says" : "A JavaScript cell left without a picture:")} '{(string?)result["error"]}'.";
        }
        return problem;
    }

    static string Count(int drawings) => drawings == 1 ? "One chart is" : $"{drawings} charts are";
}
