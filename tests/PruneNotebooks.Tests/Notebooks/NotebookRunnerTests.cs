using System.Text;
using System.Text.Json.Nodes;
using PruneNotebooks.Tool.Notebooks;

namespace PruneNotebooks.Tests.Notebooks;

/// <summary>Notebooks in the real kernel. Each test starts one, so each shows as much as belongs together.</summary>
[Collection(KernelTests.Name)]
public sealed class NotebookRunnerTests(KernelFixture kernel)
{
    static Notebook Of(params JsonObject[] cells) => Notebook.Parse(Encoding.UTF8.GetBytes(NotebookFiles.Json(cells)), "a.ipynb");
    static string Text(ExecutedCell cell) => string.Concat(cell.Outputs.SelectMany(o => (JsonArray)(o!["text"] ?? o["data"]?["text/plain"] ?? new JsonArray())).Select(line => (string?)line));

    [Fact]
    public async Task What_cells_show_becomes_what_a_notebook_holds()
    {
        string folder = Directory.CreateTempSubdirectory("prune-test-").FullName;
        ExecutedNotebook run = await kernel.RunAsync(Of(
            NotebookFiles.Code("Console.Write(\"10 %\\r\"); Console.Write(\"100 %\\n\"); Console.Error.WriteLine(\"careful\"); 6 * 7"),
            NotebookFiles.Code("System.IO.Directory.GetCurrentDirectory()"),
            NotebookFiles.Code("using Microsoft.DotNet.Interactive;\nvar bar = KernelInvocationContext.Current.Display(\"half\");"),
            NotebookFiles.Code("bar.Update(\"done\");"),
            NotebookFiles.Code($"Environment.GetEnvironmentVariable(\"{CommittedForm.Variable}\")"),
            NotebookFiles.Code("int F(int x) {\n  return 1 / x;\n}"),
            NotebookFiles.Code("F(0)", NotebookRunner.MayFail),
            NotebookFiles.Code("#!time\nvar broken = ;")), folder, new() { KeepGoing = true });
        Assert.Equal("""[{"name":"stdout","output_type":"stream","text":["100 %\n"]},{"name":"stderr","output_type":"stream","text":["careful\n"]},{"data":{"text/plain":["42"]},"execution_count":1,"metadata":{},"output_type":"execute_result"}]""",
            run.Cells[0].Outputs.ToJsonString());
        Assert.Equal(folder, Text(run.Cells[1]));
        Assert.Equal("done", Text(run.Cells[2]));
        Assert.Equal("committed", Text(run.Cells[4]));
        Assert.Null(run.Cells[6].Error);
        Assert.Equal(["System.DivideByZeroException: Attempted to divide by zero.", "   at F(Int32 x) in cell 6, line 2", "   at cell 7, line 1"],
            run.Cells[6].Outputs[0]!["traceback"]!.AsArray().Select(line => (string)line!));
        Assert.Equal(("error CS1525", 2), (run.Cells[7].Error!.Name, run.Cells[7].Error!.Line));
        Assert.True(run.Failed);
        Assert.True(run.Complete);
    }

    [Fact]
    public async Task A_notebook_uses_the_checked_out_library_under_its_published_version()
    {
        string folder = Path.Combine(KernelFixture.Root, "notebooks");
        string version = Path.GetFileName(Directory.EnumerateFiles(kernel.Feed.Folder, "*.nupkg").Single())["PruneNotebooks.".Length..^".nupkg".Length];
        ExecutedNotebook run = await kernel.RunAsync(Of(
            NotebookFiles.Code($"#!import \"{KernelFixture.Root}/environment/torch.dib\"\n#r \"nuget: PruneNotebooks, {version}\""),
            NotebookFiles.Code("TorchSharp.torch.ones(3, 3).sum().item<float>()"),
            NotebookFiles.Code("typeof(PruneNotebooks.Runtime.TorchNative).Assembly.Location")),
            Directory.Exists(folder) ? folder : KernelFixture.Root, new() { Environment = kernel.Feed.Environment, PackageSource = kernel.Feed.Folder });
        Assert.Empty(run.Cells.Where(cell => cell.Error is not null).SelectMany(cell => cell.Error!.Traceback));
        Assert.Empty(run.Cells[0].Outputs);
        Assert.Equal("9", Text(run.Cells[1]));
        Assert.StartsWith(kernel.Feed.Folder, Text(run.Cells[2]));
    }

    [Fact]
    public async Task A_cell_that_takes_too_long_is_stopped_and_the_notebook_ends()
    {
        ExecutedNotebook polite = await kernel.RunAsync(Of(NotebookFiles.Code("1"), NotebookFiles.Code("await Task.Delay(60_000);"), NotebookFiles.Code("3")), Path.GetTempPath(), new() { Timeout = TimeSpan.FromSeconds(4) });
        Assert.Equal("The cell ran longer than 4 s and was stopped.", polite.Cells[^1].Error!.Message);
        Assert.Equal(2, polite.Cells.Count);
        Assert.False(polite.Complete);
    }

    [Fact]
    public async Task A_kernel_that_dies_is_reported_with_its_last_words()
    {
        ExecutedNotebook run = await kernel.RunAsync(Of(NotebookFiles.Code("Environment.FailFast(\"the end of it\");"), NotebookFiles.Code("2")), Path.GetTempPath(), new() { KeepGoing = true });
        Assert.Contains("The kernel died (exit code", run.Cells[0].Error!.Message);
        Assert.Contains("the end of it", run.Cells[0].Error!.Message);
        Assert.Single(run.Cells);
    }

    [Fact]
    public async Task A_notebook_for_another_kernel_is_refused()
    {
        JsonObject document = NotebookFiles.Document(NotebookFiles.Code("print(1)"));
        document["metadata"]!["kernelspec"]!["language"] = "python";
        Notebook notebook = Notebook.Parse(Encoding.UTF8.GetBytes(document.ToJsonString()), "a.ipynb");
        Assert.Equal("a.ipynb is written in python; this program runs C# and F# notebooks.",
            (await Assert.ThrowsAsync<NotebookFormatException>(() => kernel.RunAsync(notebook, Path.GetTempPath()))).Message);
    }
}
