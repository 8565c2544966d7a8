using System.Text.Json;

namespace PruneNotebooks.Tool.Notebooks;

/// <summary>One event that the kernel sent: its type, the token of the command it belongs to, and its content.</summary>
/// <remarks>Commands that the kernel derives from ours (magic commands, imports) get our token with a suffix: <c>cell-3.1</c>.</remarks>
sealed record KernelEvent(string Type, string Token, JsonElement Content)
{
    /// <summary>Reads a line of the protocol; null for a line that is none (native code may print on the same stream).</summary>
    public static KernelEvent? Parse(string line)
    {
        // Something printed without a line end sits in front of the event.
        int start = line.IndexOf("{\"event\":", StringComparison.Ordinal);
        if (start < 0) return null;
        try
        {
            JsonElement root = JsonDocument.Parse(line.AsMemory(start), new() { MaxDepth = 512 }).RootElement;
            string? type = root.At("eventType").AsText(), token = root.At("command", "token").AsText();
            return type is null ? null : new(type, token ?? "", root.At("event"));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public string? Text(string property) => Content.At(property).AsText();

    /// <summary>The MIME types of a displayed value with their contents.</summary>
    public IEnumerable<(string MimeType, string Value)> Values =>
        Content.At("formattedValues") is { ValueKind: JsonValueKind.Array } values
            ? values.EnumerateArray().Select(v => (v.At("mimeType").AsText() ?? "text/plain", v.At("value").AsText() ?? ""))
            : [];
}
