using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AngleSharp.Html.Parser;

namespace PruneNotebooks.Tool.Notebooks;

/// <summary>Gives every chart of a notebook a picture beside its JSON, for readers of the file whose viewer runs no scripts.</summary>
public static class ChartPictures
{
    /// <summary>Pictures have this many pixels for each one of the chart, to look sharp on every screen.</summary>
    const int Scale = 2;

    /// <summary>Gives charts that look as before the picture that they had: it cannot be better, and another browser would draw other bytes.</summary>
    public static void Keep(ExecutedNotebook run)
    {
        foreach (ExecutedCell cell in run.Cells.Where(cell => !cell.Step.Injected && cell.Step.Cell.Outputs.ValueKind == JsonValueKind.Array))
        {
            List<JsonObject> before = [.. Charts.In((JsonArray)JsonNode.Parse(cell.Step.Cell.Outputs.GetRawText())!)];
            foreach (JsonObject chart in Charts.In(cell.Outputs))
            {
                JsonObject? same = before.FirstOrDefault(old => JsonNode.DeepEquals(old["data"]![CommittedForm.Plotly], chart["data"]![CommittedForm.Plotly]));
                if (same?["data"]!["image/png"] is { } picture) Give(chart, picture.DeepClone(), same["metadata"]?.DeepClone() ?? new JsonObject());
            }
        }
    }

    /// <summary>Draws all charts that have no picture yet, in one start of the browser.</summary>
    /// <returns>Null, or a sentence about what could not be drawn; the outputs are usable in any case.</returns>
    public static async Task<string?> AddAsync(IEnumerable<JsonArray> outputs, Chromium? browser, CancellationToken cancel)
    {
        List<JsonObject> charts = [.. outputs.SelectMany(Charts.In).Where(chart => chart["data"]!["image/png"] is null)];
        if (charts.Count == 0) return null;
        if (browser is null)
            return $"{Count(charts.Count)} left without a picture: no Chromium found (install chromium, or name one in {Chromium.Variable}).";
        string page = Path.Combine(Path.GetTempPath(), $"prune-charts-{Path.GetRandomFileName()}.html");
        try
        {
            await File.WriteAllTextAsync(page, Page(charts), cancel);
            string rendered = await browser.RenderAsync(page, TimeSpan.FromSeconds(60 * charts.Count), cancel);
            return Take(charts, rendered);
        }
        finally
        {
            File.Delete(page);
        }
    }

    static string Page(List<JsonObject> charts)
    {
        IEnumerable<string> jobs = charts.Select(chart =>
        {
            var figure = (JsonObject)chart["data"]![CommittedForm.Plotly]!;
            (int width, int height) = Charts.Size(figure);
            return $"[{Charts.Literal(figure)},{width},{height}]";
        });
        return new StringBuilder("<!doctype html><meta charset=\"utf-8\"><script>").Append(Charts.Script)
            .Append("</script><body><script>(async () => {\nconst jobs = [").AppendJoin(",\n", jobs).Append("];").Append(
            $$"""

            const results = [];
            for (const [{ data, layout }, width, height] of jobs) {
              try { results.push(await Plotly.toImage({ data, layout }, { format: 'png', width, height, scale: {{Scale}} })); }
              catch (error) { results.push('error: ' + (error && error.message || error)); }
            }
            document.body.innerHTML = '<pre></pre>';
            document.body.firstChild.textContent = JSON.stringify(results);
            })();</script>
            """).ToString();
    }

    static string? Take(List<JsonObject> charts, string rendered)
    {
        const string prefix = "data:image/png;base64,";
        string?[]? results = null;
        try
        {
            results = JsonSerializer.Deserialize<string?[]>(new HtmlParser().ParseDocument(rendered).QuerySelector("body > pre")?.TextContent ?? "");
        }
        catch (JsonException)
        {
            // No result: the browser failed.
        }
        if (results?.Length != charts.Count) return $"{Count(charts.Count)} left without a picture: the browser did not finish drawing.";
        string? problem = null;
        foreach ((JsonObject chart, string? result) in charts.Zip(results))
        {
            if (result?.StartsWith(prefix, StringComparison.Ordinal) != true)
            {
                problem ??= $"A chart left without a picture: plotly.js says '{result}'.";
                continue;
            }
            (int width, int height) = Charts.Size((JsonObject)chart["data"]![CommittedForm.Plotly]!);
            Give(chart, result[prefix.Length..], new JsonObject { ["image/png"] = new JsonObject { ["height"] = height, ["width"] = width } });
        }
        return problem;
    }

    static void Give(JsonObject chart, JsonNode picture, JsonNode metadata)
    {
        var data = (JsonObject)chart["data"]!;
        data.Insert(data.IndexOf(CommittedForm.Plotly) + 1, "image/png", picture);
        chart["metadata"] = metadata;
    }

    static string Count(int charts) => charts == 1 ? "One chart is" : $"{charts} charts are";
}
