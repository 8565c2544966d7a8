using System.Text.Json.Nodes;

namespace PruneNotebooks.PackageTests;

/// <summary>A notebook that loads the package, run by the installed tool outside of any checkout.</summary>
[Collection(InAnEmptyHome.Name)]
public sealed class NotebookTests(EmptyHome home)
{
    [Fact]
    public async Task A_notebook_answers_with_half_of_the_tokens()
    {
        string notebook = Path.Combine(home.NewFolder(), "ask.ipynb");
        File.WriteAllText(notebook, Notebook($"#r \"nuget: {Question.LibTorch}, {Question.LibTorchVersion}\"\n#r \"nuget: PruneNotebooks, {home.Packages.Version}\"", Question.Code));
        var run = (await home.RunAsync(await home.PruneAsync(), ["run", notebook])).Succeeded();
        TestContext.Current.SendDiagnosticMessage("prune run, the kernel and the package restored: {0:0.0} s", run.Time.TotalSeconds);
        var outputs = JsonNode.Parse(File.ReadAllText(notebook))!["cells"]![1]!["outputs"]!.AsArray();
        Question.IsAnswered(string.Concat(Assert.Single(outputs)!["text"]!.AsArray().Select(line => (string)line!)).TrimEnd('\n'));
    }

    static string Notebook(params string[] cells) => new JsonObject
    {
        ["cells"] = new JsonArray([.. cells.Select((cell, i) => new JsonObject
        {
            ["cell_type"] = "code", ["execution_count"] = null, ["id"] = $"cell-{i}", ["metadata"] = new JsonObject(), ["outputs"] = new JsonArray(),
            ["source"] = new JsonArray([.. cell.Split('\n').Select((line, l) => JsonValue.Create(l == cell.Count(c => c == '\n') ? line : line + "\n"))]),
        })]),
        ["metadata"] = new JsonObject { ["kernelspec"] = new JsonObject { ["display_name"] = ".NET (C#)", ["language"] = "C#", ["name"] = ".net-csharp" } },
        ["nbformat"] = 4,
        ["nbformat_minor"] = 5,
    }.ToJsonString();
}
