using System.Text;
using System.Text.Json.Nodes;

namespace PruneNotebooks.Tests.Notebooks;

/// <summary>Makes notebook files for tests, laid out as Jupyter lays them out.</summary>
static class NotebookFiles
{
    public static string Json(params JsonObject[] cells) => Document(cells).ToJsonString(new() { WriteIndented = true, IndentSize = 1, NewLine = "\n" }) + "\n";

    public static JsonObject Document(params JsonObject[] cells) => new()
    {
        ["cells"] = new JsonArray([.. cells]),
        ["metadata"] = new JsonObject { ["kernelspec"] = new JsonObject { ["display_name"] = ".NET (C#)", ["language"] = "C#", ["name"] = ".net-csharp" } },
        ["nbformat"] = 4,
        ["nbformat_minor"] = 5,
    };

    public static JsonObject Code(string source, params string[] tags) => new()
    {
        ["cell_type"] = "code",
        ["execution_count"] = null,
        ["id"] = Id(),
        ["metadata"] = tags.Length == 0 ? [] : new JsonObject { ["tags"] = new JsonArray([.. tags.Select(tag => JsonValue.Create(tag))]) },
        ["outputs"] = new JsonArray(),
        ["source"] = source,
    };

    public static JsonObject Text(string source) => new() { ["cell_type"] = "markdown", ["id"] = Id(), ["metadata"] = new JsonObject(), ["source"] = source };

    /// <summary>Writes a notebook into a new temporary folder.</summary>
    public static string Write(params JsonObject[] cells)
    {
        string path = Path.Combine(Directory.CreateTempSubdirectory("prune-test-").FullName, "a.ipynb");
        File.WriteAllText(path, Json(cells), new UTF8Encoding(false));
        return path;
    }

    static string Id() => Guid.NewGuid().ToString("n")[..8];
}
