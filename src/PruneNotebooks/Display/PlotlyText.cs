using System.Text;
using System.Text.Json;
using Plotly.NET;

namespace PruneNotebooks.Display;

/// <summary>A chart in words, for readers and programs that do not see it: titles, axes, and the points of each series.</summary>
/// <remarks>Where a series has customdata, that is what its positions mean.</remarks>
static class PlotlyText
{
    const int MostPoints = 12;

    public static string Of(GenericChart chart)
    {
        using var figure = JsonDocument.Parse(GenericChart.toFigureJson(chart));
        return Of(figure.RootElement);
    }

    public static string Of(JsonElement figure)
    {
        var layout = figure.GetProperty("layout");
        var text = new StringBuilder("chart");
        if (Text(layout, "title") is { Length: > 0 } title) text.Append(": ").Append(title);
        var axes = new[] { ("x", "xaxis"), ("y", "yaxis") }.Select(axis => (axis.Item1, Title: layout.TryGetProperty(axis.Item2, out var a) ? Text(a, "title") : null)).Where(axis => axis.Title is { Length: > 0 });
        if (string.Join(", ", axes.Select(axis => $"{axis.Item1}: {axis.Title}")) is { Length: > 0 } named) text.Append(" (").Append(named).Append(')');
        foreach (var trace in figure.GetProperty("data").EnumerateArray()) text.Append('\n').Append(Trace(trace));
        return text.ToString();
    }

    static string Trace(JsonElement trace)
    {
        string type = trace.TryGetProperty("type", out var t) ? t.GetString() ?? "" : "scatter";
        string name = trace.TryGetProperty("name", out var n) && n.GetString() is { Length: > 0 } given ? given : type;
        var (x, y, z) = (Array(trace, "customdata") ?? Array(trace, "x"), Array(trace, "y"), Array(trace, "z"));
        if (z is { Count: > 0 } && z[0].ValueKind == JsonValueKind.Array) return $"{name}: {z.Count} x {z[0].GetArrayLength()} values";
        if (y is null) return x is null ? name : $"{name}: {x.Count} values";
        if (y.Count > MostPoints) return $"{name}: {y.Count} points";
        return $"{name}: {string.Join(", ", y.Select((value, i) => x is not null && i < x.Count ? $"{Value(x[i])}: {Value(value)}" : Value(value)))}";
    }

    static string Value(JsonElement value) => value.ValueKind == JsonValueKind.Number ? Units.Number(value.GetDouble()) : value.ToString();

    static List<JsonElement>? Array(JsonElement trace, string name) =>
        trace.TryGetProperty(name, out var array) && array.ValueKind == JsonValueKind.Array ? [.. array.EnumerateArray()] : null;

    static string? Text(JsonElement owner, string name) => owner.TryGetProperty(name, out var title)
        ? title.ValueKind == JsonValueKind.String ? title.GetString() : title.ValueKind == JsonValueKind.Object && title.TryGetProperty("text", out var text) ? text.GetString() : null
        : null;
}
