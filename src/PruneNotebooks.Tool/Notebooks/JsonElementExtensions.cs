using System.Text.Json;

namespace PruneNotebooks.Tool.Notebooks;

/// <summary>Reading JSON that may hold anything: what is not there, or is something else, is undefined or null.</summary>
static class JsonElementExtensions
{
    /// <summary>The value at the end of a path of property names; undefined when the path leads nowhere.</summary>
    public static JsonElement At(this JsonElement value, params ReadOnlySpan<string> path)
    {
        foreach (string name in path)
            if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(name, out value)) return default;
        return value;
    }

    /// <summary>The text of a JSON string; null for anything else.</summary>
    public static string? AsText(this JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>A text as notebooks hold it: a string, or an array of strings that belong together; null for anything else.</summary>
    public static string? AsLines(this JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Array when value.EnumerateArray().All(line => line.ValueKind == JsonValueKind.String)
            => string.Concat(value.EnumerateArray().Select(line => line.GetString())),
        _ => null,
    };
}
