using System.Text.Json;
using PruneNotebooks.Models.Shapes;

namespace PruneNotebooks.Tests.Models.Shapes;

/// <summary>The configurations of published models.</summary>
static class PublishedModels
{
    public static IReadOnlyList<string> Names { get; } = [.. Directory.EnumerateFiles(TestData.Path("published"), "*.json").Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    /// <summary>What the file of test data says: configuration, parameters, tensors.</summary>
    public static JsonElement Json(string name)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(TestData.Path("published", name + ".json")));
        return document.RootElement.Clone();
    }

    /// <summary>The model's size, read from its configuration.</summary>
    public static NetworkShape Shape(string name)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["config.json"], Json(name).GetProperty("config").GetRawText());
        return NetworkShape.Read(folder.Path);
    }
}
