using System.IO.Compression;
using System.Net;
using System.Text.Json;
using Plotly.NET;

namespace PruneNotebooks.Display;

/// <summary>What a notebook gets of a chart: data for a renderer, or a fragment of a page that draws itself without network; and always plain text.</summary>
static class PlotlyOutput
{
    public const string MimeType = "application/vnd.plotly.v1+json";

    static int shown; // of this process, which is the session

    /// <summary>The figure as plotly's JSON: data and layout.</summary>
    public static string Json(GenericChart chart) => GenericChart.toFigureJson(chart);

    /// <summary>A fragment of HTML that draws the chart.</summary>
    /// <remarks>
    /// plotly.js comes with the first chart of a session, packed (1.5 MB; Jupyter servers drop what comes faster than about 3 MB in 3 seconds),
    /// and stays on the page for the others, which wait for it.
    /// </remarks>
    public static string Html(GenericChart chart) => Html(chart, withScript: Interlocked.Increment(ref shown) == 1);

    internal static string Html(GenericChart chart, bool withScript)
    {
        using var figure = JsonDocument.Parse(GenericChart.toJson(chart));
        string id = $"chart-{Guid.NewGuid():N}";
        var (width, height) = (Size("width", 700), Size("height", 450));
        return $$"""
            <div id="{{id}}" role="img" aria-label="{{WebUtility.HtmlEncode(PlotlyText.Of(figure.RootElement))}}" style="width:{{width}}px;height:{{height}}px"></div>
            <script>
            (async function () {
              const place = document.getElementById("{{id}}"), figure = {{figure.RootElement.GetRawText().Replace("</", "<\\/", StringComparison.Ordinal)}};
              {{(withScript ? Loader : "for (let i = 0; i < 100 && !window.Plotly; i++) await new Promise(wake => setTimeout(wake, 100));")}}
              if (!window.Plotly) { place.textContent = "plotly.js is no longer on this page: restart the kernel and run the notebook from the top."; return; }
              window.Plotly.newPlot(place, figure.data, figure.layout, figure.config);
            })();
            </script>
            """;

        int Size(string side, int otherwise) =>
            figure.RootElement.TryGetProperty("layout", out var layout) && layout.TryGetProperty(side, out var value) && value.TryGetInt32(out int pixels) ? pixels : otherwise;
    }

    /// <summary>Unpacks plotly.js on the page, unless it is there. A module loader of the page is hidden meanwhile: plotly.js would register with it instead.</summary>
    static string Loader => $$"""
        if (!window.Plotly) {
            const packed = Uint8Array.from(atob("{{PackedScript.Value}}"), c => c.charCodeAt(0));
            const text = await new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
            const define = window.define, script = document.createElement("script");
            window.define = undefined;
            script.text = text;
            document.head.appendChild(script).remove();
            window.define = define;
          }
        """;

    static readonly Lazy<string> PackedScript = new(() =>
    {
        var assembly = typeof(GenericChart).Assembly;
        string name = assembly.GetManifestResourceNames().First(resource => resource.EndsWith(".min.js", StringComparison.Ordinal));
        using var script = assembly.GetManifestResourceStream(name)!;
        var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true)) script.CopyTo(gzip);
        return Convert.ToBase64String(packed.GetBuffer(), 0, (int)packed.Length);
    });
}
