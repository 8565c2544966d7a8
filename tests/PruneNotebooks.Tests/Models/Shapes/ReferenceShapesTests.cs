using System.Text.Json;
using PruneNotebooks.Models.Shapes;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Tests.Models.Shapes;

/// <summary>Tiny models of every kind: as many parameters as the reference library's files, and as many crops, patches and visual tokens as its processors make.</summary>
public sealed class ReferenceShapesTests
{
    static readonly JsonElement Models = JsonElement.Parse(File.ReadAllText(TestData.Path("reference-shapes.json")));

    public static TheoryData<string> Names => [.. Models.EnumerateObject().Select(model => model.Name)];

    public static TheoryData<string, string> Cases => [.. Models.EnumerateObject().SelectMany(model => model.Value.GetProperty("cases").EnumerateArray().Select(c => (model.Name, c.GetProperty("case").GetString()!)))];

    [Theory, MemberData(nameof(Names))]
    public void Parameters_are_those_of_the_files(string name) => Assert.Equal(Models.GetProperty(name).GetProperty("parameters").GetInt64(), Shape(name).Parameters);

    [Theory, MemberData(nameof(Cases))]
    public void Crops_patches_and_tokens_are_those_of_the_processor(string name, string which)
    {
        var shape = Shape(name);
        var reference = Models.GetProperty(name).GetProperty("cases").EnumerateArray().Single(c => c.GetProperty("case").GetString() == which);
        VisualInput[] inputs = [.. reference.GetProperty("pictures").EnumerateArray().Select(picture => shape.Picture(picture[0].GetInt32(), picture[1].GetInt32()))];
        if (reference.TryGetProperty("tokens", out var tokens)) Assert.Equal(tokens.GetInt32(), inputs.Sum(input => input.Tokens));
        if (reference.TryGetProperty("crops", out var crops)) Assert.Equal(crops.GetInt32(), inputs.Sum(input => input.Crops));
        if (reference.TryGetProperty("patches", out var patches)) Assert.Equal(patches.EnumerateArray().Select(grid => new TokenGrid(grid[0].GetInt32(), grid[1].GetInt32())), inputs.Select(input => input.Patches));
        if (reference.TryGetProperty("hidden", out var hidden)) Assert.Equal(hidden.GetInt32(), inputs[0].Patches.Count + shape.Tower!.ExtraTokens);
    }

    static NetworkShape Shape(string name)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["config.json"], Models.GetProperty(name).GetProperty("config").GetRawText());
        File.WriteAllText(folder["preprocessor_config.json"], Models.GetProperty(name).GetProperty("preprocessor").GetRawText());
        return NetworkShape.Read(folder.Path);
    }
}
