using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace PruneNotebooks.Tool.Notebooks;

/// <summary>How a notebook file is laid out, learned from the file, so that what is put in looks like what was there.</summary>
/// <remarks>
/// Jupyter and VS Code write JSON with every character beyond ASCII as it is; the platform's writer would escape some of them, so a
/// notebook that is saved by both would change each time. Hence this small writer.
/// </remarks>
sealed record JsonLayout(string Indent, string NewLine)
{
    bool OnOneLine => Indent.Length == 0;

    /// <summary>Learns the unit of indentation and the line ending from the first lines of a JSON object.</summary>
    public static JsonLayout Of(ReadOnlySpan<byte> json)
    {
        int lineEnd = json.IndexOf((byte)'\n');
        // A file on one line may still end with a line end.
        if (lineEnd < 0 || json[(json.IndexOf((byte)'{') + 1)..].TrimStart(" \t\r"u8) is not [(byte)'\n', ..]) return new("", "");
        string newLine = lineEnd > 0 && json[lineEnd - 1] == '\r' ? "\r\n" : "\n";
        ReadOnlySpan<byte> rest = json[(lineEnd + 1)..];
        int width = rest.IndexOfAnyExcept((byte)' ', (byte)'\t');
        return new(width > 0 ? Encoding.UTF8.GetString(rest[..width]) : " ", newLine);
    }

    /// <summary>Prints a value; its continuation lines start with <paramref name="margin"/>.</summary>
    public string Print(JsonNode? value, string margin)
    {
        var text = new StringBuilder();
        Append(text, value, margin);
        return text.ToString();
    }

    void Append(StringBuilder text, JsonNode? value, string margin)
    {
        switch (value)
        {
            case null: text.Append("null"); break;
            case JsonObject map: AppendItems(text, '{', '}', map, margin, (item, inner) => AppendProperty(text, item, inner)); break;
            case JsonArray list: AppendItems(text, '[', ']', list, margin, (item, inner) => Append(text, item, inner)); break;
            case JsonValue leaf when leaf.TryGetValue(out string? s): AppendString(text, s); break;
            default: text.Append(value.ToJsonString()); break;
        }
    }

    void AppendProperty(StringBuilder text, KeyValuePair<string, JsonNode?> property, string margin)
    {
        AppendString(text, property.Key);
        text.Append(": ");
        Append(text, property.Value, margin);
    }

    void AppendItems<T>(StringBuilder text, char open, char close, ICollection<T> items, string margin, Action<T, string> append)
    {
        text.Append(open);
        string inner = margin + Indent;
        bool first = true;
        foreach (T item in items)
        {
            if (!first) text.Append(OnOneLine ? ", " : ",");
            if (!OnOneLine) text.Append(NewLine).Append(inner);
            append(item, inner);
            first = false;
        }
        if (!first && !OnOneLine) text.Append(NewLine).Append(margin);
        text.Append(close);
    }

    static void AppendString(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (char c in value)
        {
            _ = c switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                '\b' => text.Append("\\b"),
                '\f' => text.Append("\\f"),
                < ' ' => text.Append("\\u").Append(((int)c).ToString("x4", CultureInfo.InvariantCulture)),
                _ => text.Append(c),
            };
        }
        text.Append('"');
    }
}
