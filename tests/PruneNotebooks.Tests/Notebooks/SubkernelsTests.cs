using System.Text;
using System.Text.Json.Nodes;
using PruneNotebooks.Tests.Models;
using PruneNotebooks.Tool.Notebooks;

namespace PruneNotebooks.Tests.Notebooks;

/// <summary>Other languages in a notebook, in the real kernel.</summary>
[Collection(KernelTests.Name)]
public sealed class SubkernelsTests(KernelFixture kernel)
{
    const string Connect = "#!connect jupyter --kernel-name py --kernel-spec ";

    static string Text(ExecutedCell cell) => string.Concat(cell.Outputs.SelectMany(o => (JsonArray)(o!["text"] ?? o["data"]?["text/plain"] ?? new JsonArray())).Select(line => (string?)line));

    [Fact]
    public async Task Values_go_round_through_four_languages()
    {
        using var folder = new TemporaryFolder();
        Python.Print(folder.Path, "import ipykernel");
        string version = Path.GetFileName(Directory.EnumerateFiles(kernel.Feed.Folder, "*.nupkg").Single(file => !file.EndsWith(".snupkg", StringComparison.Ordinal)))["PruneNotebooks.".Length..^".nupkg".Length];
        var notebook = Notebook.Parse(Encoding.UTF8.GetBytes(NotebookFiles.Json(
            NotebookFiles.Code($"#!import \"{KernelFixture.Root}/environment/torch.dib\"\n#r \"nuget: PruneNotebooks, {version}\"\nlong[] kept = [3, 1, 2]; string python = TensorExchange.PythonFolder, packed = TensorExchange.Pack((\"x\", torch.ones(2, 3)));"),
            NotebookFiles.Code(Connect + "python3"),
            NotebookFiles.Code("#!py\n#!set --name kept --value @csharp:kept\n#!set --name folder --value @csharp:python\n#!set --name packed --value @csharp:packed\nimport sys; sys.path.append(folder)\nimport prune_tensors\ndoubled = [2 * i for i in kept]\nprune_tensors.unpack(packed)['x'].shape"),
            NotebookFiles.Code("#!fsharp\n#!set --name kept --value @csharp:kept --byref\nlet largest = Array.max kept\nlargest"),
            NotebookFiles.Code("#!javascript\n#!set --name doubled --value @py:doubled\nelement.textContent = doubled.length;"),
            NotebookFiles.Code("#!js\n#!share --from fsharp largest\nreturn doubled.concat(largest);"),
            NotebookFiles.Code("#!py\nraise ValueError('no such token')", NotebookRunner.MayFail))), "a.ipynb");
        ExecutedNotebook run = await kernel.RunAsync(notebook, folder.Path, new() { Environment = kernel.Feed.Environment, PackageSource = kernel.Feed.Folder });
        Assert.Empty(run.Cells.Where(cell => cell.Error is not null).SelectMany(cell => cell.Error!.Traceback));
        Assert.Equal(["", "Kernel added: #!py", "(2, 3)", "3", "drawn by JavaScript", "drawn by JavaScript"], run.Cells.Take(6).Select(Text));
        Assert.Equal("""{"code":"return doubled.concat(largest);","values":{"doubled":[6,2,4],"largest":3}}""", run.Cells[5].Outputs[0]!["data"]![CommittedForm.JavaScript]!.ToJsonString());
        Assert.Equal(("ValueError", "no such token"), ((string)run.Cells[6].Outputs[^1]!["ename"]!, (string)run.Cells[6].Outputs[^1]!["evalue"]!));
        Assert.DoesNotContain("\u001b", Text(run.Cells[6]));
    }

    [Fact]
    public async Task A_kernel_that_is_not_there_is_named_with_what_to_install()
    {
        ExecutedNotebook run = await kernel.RunAsync(Notebook.Parse(Encoding.UTF8.GetBytes(NotebookFiles.Json(NotebookFiles.Code(Connect + "python7"))), "a.ipynb"), Path.GetTempPath());
        Assert.StartsWith("There is no Jupyter kernel 'python7' on this machine. Install it", run.Cells[0].Error!.Message);
    }

    [Fact]
    public void A_kernel_that_does_not_start_is_not_waited_for_as_long_as_a_cell()
    {
        Assert.Equal(TimeSpan.FromMinutes(1), Subkernels.Patience(Connect + "python3", TimeSpan.FromMinutes(10)));
        Assert.Equal(TimeSpan.FromSeconds(5), Subkernels.Patience(Connect + "python3", TimeSpan.FromSeconds(5)));
        Assert.Equal(TimeSpan.FromMinutes(10), Subkernels.Patience("1 + 1", TimeSpan.FromMinutes(10)));
        Assert.EndsWith("The Jupyter kernel 'python3' did not start: see whether the program of its kernel.json does (python3: 'python3 -m ipykernel --version').",
            Subkernels.Explain("The cell ran longer than 120 s and was stopped.", Connect + "python3", ""));
        Assert.Equal("boom", Subkernels.Explain("boom", "1 + 1", ""));
    }

    [Fact]
    public async Task A_kernel_that_does_not_answer_is_tried_again_and_then_named()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs sh");
        using var folder = new TemporaryFolder();
        string starts = Path.Combine(folder.Path, "starts"), program = Path.Combine(folder.Path, "deaf.sh");
        File.WriteAllText(program, $"echo started >> {starts}\nexec sleep 60\n");
        string spec = Directory.CreateDirectory(Path.Combine(folder.Path, "kernels", "deaf")).FullName;
        File.WriteAllText(Path.Combine(spec, "kernel.json"), $$"""{"argv": ["sh", "{{program}}", "{connection_file}"], "display_name": "Deaf", "language": "python"}""");
        var run = await kernel.RunAsync(Notebook.Parse(Encoding.UTF8.GetBytes(NotebookFiles.Json(NotebookFiles.Code(Connect + "deaf"))), "a.ipynb"), folder.Path,
            new() { Timeout = TimeSpan.FromSeconds(5), Environment = new Dictionary<string, string> { ["JUPYTER_PATH"] = folder.Path } });
        Assert.Contains("The Jupyter kernel 'deaf' did not start", run.Cells[0].Error!.Message, StringComparison.Ordinal);
        Assert.Equal(Subkernels.Attempts, File.ReadAllLines(starts).Length);
    }
}
