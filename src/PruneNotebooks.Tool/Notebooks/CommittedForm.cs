using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using PruneNotebooks.Display;

namespace PruneNotebooks.Tool.Notebooks;

/// <summary>
/// Turns what a cell displays into what a committed notebook holds: pictures, charts as JSON objects, and text, all readable where
/// neither scripts nor styles run.
/// </summary>
/// <remarks>
/// A program that draws for notebooks asks the environment variable <see cref="Variable"/> which form is wanted. When it says
/// <see cref="Committed"/>, a chart should be shown as <c>application/vnd.plotly.v1+json</c> and <c>text/plain</c>, a picture as
/// <c>image/png</c> and <c>text/plain</c>; otherwise a person looks on and HTML serves best.
/// </remarks>
public static partial class CommittedForm
{
    /// <summary>The name of the environment variable that the runner sets for the kernel.</summary>
    public const string Variable = "PRUNE_NOTEBOOK_OUTPUT";
    /// <summary>Its value under the runner; live sessions do not set the variable.</summary>
    public const string Committed = "committed";
    /// <summary>The MIME type of a Plotly figure: an object with <c>data</c> and <c>layout</c>.</summary>
    public const string Plotly = "application/vnd.plotly.v1+json";
    /// <summary>The MIME type of a cell in JavaScript: an object with <c>code</c> and <c>values</c>.</summary>
    public const string JavaScript = JavaScriptCell.MimeType;

    /// <summary>The types of which a picture can be drawn.</summary>
    internal static readonly IReadOnlyList<string> Drawings = [Plotly, JavaScript];

    /// <summary>The bundle to keep, its keys in alphabetical order; null when nothing of it belongs into a file.</summary>
    public static JsonObject? Of(IEnumerable<(string MimeType, string Value)> shown)
    {
        var values = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach ((string type, string value) in shown) values[type] = value;
        if (values.Values.Any(IsBoilerplate)) return null;
        if (values.TryGetValue("text/html", out string? html))
        {
            // Where both are there, front ends prefer the HTML and then strip from it what they do not trust.
            values.Remove("text/html");
            if (!values.ContainsKey("image/png") && !Drawings.Any(values.ContainsKey))
            {
                var page = new Html(html);
                if (page.Text.Length > 0) values.TryAdd("text/plain", page.Text);
                if (page.ShowsSomething && !page.IsPlainText) values["text/html"] = page.Passive;
            }
        }
        if (values.Count == 0) return null;
        return new(values.Select(item => KeyValuePair.Create(item.Key, Content(item.Key, item.Value))));
    }

    static JsonNode? Content(string type, string value)
    {
        if (type.EndsWith("json", StringComparison.Ordinal)) return Json(value);
        return type.StartsWith("image/", StringComparison.Ordinal) && type != "image/svg+xml" ? value : CellOutputs.Lines(value.ReplaceLineEndings("\n"));
    }

    /// <summary>The kernel sends JSON as a string; the format wants an object.</summary>
    static JsonNode? Json(string value)
    {
        try
        {
            return Sorted(JsonNode.Parse(value, documentOptions: new() { MaxDepth = 512 }));
        }
        catch (JsonException)
        {
            return value;
        }
    }

    internal static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject map => new JsonObject(map.OrderBy(item => item.Key, StringComparer.Ordinal).Select(item => KeyValuePair.Create(item.Key, Sorted(item.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Sorted)]),
        _ => node?.DeepClone(),
    };

    /// <summary>What the kernel says about itself: packages it installed, scripts it loaded, its probing for a web server.</summary>
    internal static bool IsBoilerplate(string value) =>
        value.Contains("dotnet-interactive-this-cell", StringComparison.Ordinal)
        || value.StartsWith("Loading extension script from", StringComparison.Ordinal)
        || value.StartsWith("Loading extensions from", StringComparison.Ordinal)
        || value.StartsWith("The `#!connect jupyter` feature is in preview.", StringComparison.Ordinal)
        || PackageMessage().IsMatch(value);

    [GeneratedRegex("^<div>"
        + "<div>(<strong>Restore sources</strong>.*)?</div>"
        + "<div>(<strong>Installing Packages</strong>.*)?</div>"
        + "<div>(<strong>Installed Packages</strong>.*)?</div></div>$", RegexOptions.Singleline)]
    private static partial Regex PackageMessage();
}
