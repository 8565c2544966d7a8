using System.Diagnostics;
using System.Text.Json.Nodes;

namespace PruneNotebooks.Tests.Notebooks;

/// <summary>The program from outside: files, exit codes, signals.</summary>
[Collection(KernelTests.Name)]
public sealed class RunCommandTests
{
    /// <summary>A cell that tells its process id and then takes its time.</summary>
    static JsonObject Slow(string file, string work) => NotebookFiles.Code($"System.IO.File.WriteAllText(@\"{file}\", System.Environment.ProcessId + \";\");\n{work}");

    [Fact]
    public async Task Parameters_go_into_another_file_and_a_check_tells_the_difference()
    {
        string path = NotebookFiles.Write(NotebookFiles.Text("# A page"), NotebookFiles.Code("int budget = 16;", "parameters"), NotebookFiles.Code("budget * 2"), NotebookFiles.Code("DateTime.Now.Ticks", "nbval-ignore-output"));
        string before = File.ReadAllText(path), other = Path.ChangeExtension(path, "64.ipynb");

        var into = await PruneProgram.RunAsync(["run", path, "--set", "budget=64", "-o", other, "--html"]);
        Assert.Equal((0, ""), (into.ExitCode, into.Error));
        Assert.Equal(before, File.ReadAllText(path));
        JsonArray cells = JsonNode.Parse(File.ReadAllText(other))!["cells"]!.AsArray();
        Assert.Equal("injected-parameters", (string)cells[2]!["metadata"]!["tags"]![0]!);
        Assert.Equal("128", (string)cells[3]!["outputs"]![0]!["data"]!["text/plain"]![0]!);
        Assert.Contains("<h1 id=\"a-page\">A page</h1>", File.ReadAllText(Path.ChangeExtension(other, ".html")));

        var check = await PruneProgram.RunAsync(["run", path, "--check"]);
        Assert.Equal(1, check.ExitCode);
        Assert.Equal($"{path}, cell 2: the output is not what is committed.\n  + 32\n", check.Error);
        Assert.Equal(before, File.ReadAllText(path));

        var again = await PruneProgram.RunAsync(["run", other, "--check"]);
        Assert.Equal((0, ""), (again.ExitCode, again.Error));
        Assert.Contains("says what is committed", again.Output);
    }

    [Fact]
    public async Task A_failing_cell_leaves_the_file_alone_unless_told_to_keep_going()
    {
        string path = NotebookFiles.Write(NotebookFiles.Code("1"), NotebookFiles.Code("var a = 1;\nthrow new InvalidOperationException(\"no luck\");"), NotebookFiles.Code("3"));
        string before = File.ReadAllText(path);
        var stopped = await PruneProgram.RunAsync(["run", path]);
        Assert.Equal(1, stopped.ExitCode);
        Assert.StartsWith($"{path}, cell 2, line 2: System.InvalidOperationException: no luck\n    throw new InvalidOperationException(\"no luck\");\n   at cell 2, line 2\n", stopped.Error);
        Assert.Equal(before, File.ReadAllText(path));

        var kept = await PruneProgram.RunAsync(["run", path, "--keep-going"]);
        Assert.Equal(1, kept.ExitCode);
        JsonArray cells = JsonNode.Parse(File.ReadAllText(path))!["cells"]!.AsArray();
        Assert.Equal("no luck", (string)cells[1]!["outputs"]![0]!["evalue"]!);
        Assert.Equal("3", (string)cells[2]!["outputs"]![0]!["data"]!["text/plain"]![0]!);
    }

    [Fact]
    public async Task Killing_the_program_leaves_no_kernel_behind()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "looks into /proc");
        string file = Path.GetTempFileName();
        using Process program = PruneProgram.Start(["run", NotebookFiles.Write(Slow(file, "for (;;) { }"))]);
        int id = await PruneProgram.KernelIdAsync(file, program);
        program.Kill();
        Assert.True(await PruneProgram.EndsAsync(id), $"kernel {id} lives on");
    }

    [Fact]
    public async Task Without_help_from_the_system_the_kernel_watches_for_itself()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "looks into /proc");
        string file = Path.GetTempFileName();
        // A PATH without setpriv: the watchdog alone must end the kernel.
        string bare = Directory.CreateTempSubdirectory("prune-test-").FullName;
        using Process program = PruneProgram.Start(["run", NotebookFiles.Write(Slow(file, "await Task.Delay(600_000);"))], ("PATH", bare), ("DOTNET_HOST_PATH", Environment.ProcessPath is { } p && Path.GetFileName(p) == "dotnet" ? p : DotNet()));
        int id = await PruneProgram.KernelIdAsync(file, program);
        program.Kill();
        Assert.True(await PruneProgram.EndsAsync(id), $"kernel {id} lives on");
    }

    [Fact]
    public async Task Interrupting_stops_the_cell_and_leaves_the_file_as_it_was()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "sends a signal");
        string file = Path.GetTempFileName(), path = NotebookFiles.Write(NotebookFiles.Code("1"), Slow(file, "for (;;) { }"));
        string before = File.ReadAllText(path);
        using Process program = PruneProgram.StartInterruptible("run", path);
        int id = await PruneProgram.KernelIdAsync(file, program);
        using (Process kill = Process.Start("kill", ["-INT", program.Id.ToString()])) await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        var outcome = await PruneProgram.EndOfAsync(program);
        Assert.Equal((130, "Stopped.\n"), (outcome.ExitCode, outcome.Error));
        Assert.True(await PruneProgram.EndsAsync(id), $"kernel {id} lives on");
        Assert.Equal(before, File.ReadAllText(path));
        Assert.Equal([path], Directory.EnumerateFileSystemEntries(Path.GetDirectoryName(path)!));
    }

    [Fact]
    public async Task A_command_line_that_makes_no_sense_has_exit_code_2()
    {
        var none = await PruneProgram.RunAsync(["run"]);
        Assert.Equal(2, none.ExitCode);
        Assert.Contains("'prune run --help' shows what is possible.", none.Error);
        var both = await PruneProgram.RunAsync(["run", "a.ipynb", "--check", "-o", "b.ipynb"]);
        Assert.Equal((2, "--check writes nothing, so -o has no use beside it.\n"), (both.ExitCode, both.Error));
        var missing = await PruneProgram.RunAsync(["run", "/no/such.ipynb"]);
        Assert.Equal((1, "/no/such.ipynb: there is no such file.\n"), (missing.ExitCode, missing.Error));
        var help = await PruneProgram.RunAsync(["run", "--help"]);
        Assert.Equal(0, help.ExitCode);
        Assert.Contains("prune run a.ipynb --set budget=64", help.Output);
    }

    static string DotNet() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Select(folder => Path.Combine(folder, "dotnet")).First(File.Exists);
}
