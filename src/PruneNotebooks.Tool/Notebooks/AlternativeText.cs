using System.Text.Json.Nodes;

namespace PruneNotebooks.Tool.Notebooks;

/// <summary>What a picture shows, for readers who do not see it: as <c>alt</c> in the metadata of the picture, where Jupyter's viewers and nbconvert look for it.</summary>
static class AlternativeText
{
    /// <summary>The metadata of a bundle, with the text if the bundle has a picture and a text.</summary>
    public static JsonObject AddedTo(JsonObject metadata, JsonObject data)
    {
        string text = Of(data);
        if (data["image/png"] is null || text.Length == 0) return metadata;
        var ofPicture = (JsonObject)(metadata["image/png"] ??= new JsonObject());
        ofPicture.Remove("alt");
        ofPicture.Insert(0, "alt", text); // keys stand in alphabetical order, the others are height and width
        return metadata;
    }

    /// <summary>The lines of a bundle's text that have words in them; a drawing made of signs is none.</summary>
    public static string Of(JsonObject data)
    {
        string text = data["text/plain"] is JsonArray lines ? string.Concat(lines.Select(line => (string?)line)) : (string?)data["text/plain"] ?? "";
        return string.Join('\n', text.Split('\n').Where(line => line.Any(char.IsLetterOrDigit)));
    }
}
