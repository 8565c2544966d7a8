using System.Text;
using System.Text.Json.Nodes;

namespace PruneNotebooks.Tool.Notebooks;

/// <summary>Charts on a page, and the plotly.js that draws them.</summary>
static class Charts
{
    static readonly Lazy<string> Library = new(ReadLibrary);

    /// <summary>plotly.js as Plotly.NET carries it, ready to stand in a script element of a page.</summary>
    public static string Script => Library.Value;

    /// <summary>The width and height that a chart asks for, in pixels.</summary>
    public static (int Width, int Height) Size(JsonObject figure) => (Pixels(figure, "width", 700), Pixels(figure, "height", 450));

    /// <summary>A figure as a script can read it: no character ends the script element.</summary>
    public static string Literal(JsonNode figure) => figure.ToJsonString();

    static int Pixels(JsonObject figure, string side, int usual) =>
        figure["layout"] is JsonObject layout && layout[side] is JsonValue value && value.TryGetValue(out double pixels) && pixels is >= 1 and <= 10000
            ? (int)pixels : usual;

    static string ReadLibrary()
    {
        var assembly = typeof(Plotly.NET.GenericChart).Assembly;
        string name = assembly.GetManifestResourceNames().First(n => n.EndsWith(".min.js", StringComparison.Ordinal));
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!, Encoding.UTF8);
        return reader.ReadToEnd().Replace("</script", "<\\/script", StringComparison.OrdinalIgnoreCase);
    }
}
