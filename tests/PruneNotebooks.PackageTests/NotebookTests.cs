using System.Text.Json.Nodes;
using PruneNotebooks.PackageTests.FrontEnds;

namespace PruneNotebooks.PackageTests;

/// <summary>A notebook that loads the package, run by the installed tool outside of any checkout.</summary>
[Collection(InAnEmptyHome.Name)]
public sealed class NotebookTests(EmptyHome home)
{
    [Fact]
    public async Task A_notebook_answers_with_half_of_the_tokens()
    {
        string notebook = Write();
        var run = (await home.RunAsync(await home.PruneAsync(), ["run", notebook])).Succeeded();
        TestContext.Current.SendDiagnosticMessage("prune run, the kernel and the package restored: {0:0.0} s", run.Time.TotalSeconds);
        IsAnswered(notebook);
    }

    [Fact]
    public async Task It_does_so_under_Jupyter_once_the_tool_has_installed_the_kernel()
    {
        string python = await JupyterPython.OrSkipAsync(), notebook = Write();
        (await home.RunAsync(await home.PruneAsync(), ["kernel", "install"])).Succeeded();
        var run = (await home.RunAsync(python, ["-m", "nbconvert", "--to", "notebook", "--execute", "--inplace", notebook])).Succeeded();
        TestContext.Current.SendDiagnosticMessage("nbconvert --execute: {0:0.0} s", run.Time.TotalSeconds);
        IsAnswered(notebook);
    }

    string Write()
    {
        string notebook = Path.Combine(home.NewFolder(), "ask.ipynb");
        File.WriteAllText(notebook, Notebook($"#r \"nuget: {Question.LibTorch}, {Question.LibTorchVersion}\"\n#r \"nuget: PruneNotebooks, {home.Packages.Version}\"", Question.Code));
        return notebook;
    }

    static void IsAnswered(string notebook)
    {
        var outputs = JsonNode.Parse(File.ReadAllText(notebook))!["cells"]![1]!["outputs"]!.AsArray();
        // A live session says before on which device it computes.
        Question.IsAnswered(string.Concat(Assert.Single(outputs)!["text"]!.AsArray().Select(line => (string)line!)).TrimEnd('\n').Split('\n')[^1]);
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
