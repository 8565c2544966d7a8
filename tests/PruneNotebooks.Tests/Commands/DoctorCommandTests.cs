using System.Diagnostics;
using System.Text.Json.Nodes;
using PruneNotebooks.Models;

namespace PruneNotebooks.Tests.Commands;

public sealed class DoctorCommandTests
{
    static readonly string Program = Path.Combine(AppContext.BaseDirectory, "prune.dll");

    [Fact]
    public async Task On_a_machine_that_runs_the_tests_nothing_needed_is_missing()
    {
        var (code, output, error) = await Prune.RunAsync("doctor");
        Assert.Equal("", error);
        Assert.Equal(0, code);
        string[] lines = output.TrimEnd('\n').Split('\n');
        Assert.All(lines[..^1], line => Assert.Matches("^(ok  |warn|    )  ", line));
        foreach (string topic in new[] { "system", "memory", "libtorch", "driver", "device", "threads", "SDK", "kernel", "kernelspec", "feed", "browser", "models", "self-test", "native cache", "NuGet folder" })
            Assert.Contains(lines, line => line.Length > 20 && line[6..20].Trim() == topic);
        Assert.Contains("which is right", output);
        Assert.DoesNotContain('\u001b', output);
    }

    [Fact]
    public async Task Programs_get_every_check_as_json()
    {
        var (code, output, _) = await Prune.RunAsync("doctor", "--json");
        var checks = JsonNode.Parse(output)!.AsArray();
        Assert.Equal(0, code);
        Assert.All(checks, check => Assert.Contains((string?)check!["health"], new[] { "ok", "warn", "bad" }));
        Assert.Equal("ok", (string?)checks.Single(check => (string?)check!["topic"] == "libtorch")!["health"]);
    }

    [Fact]
    public async Task Without_libtorch_the_doctor_says_where_it_looked_and_what_brings_it()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Links and the loader are tested where the loader works.");
        using var folder = new TemporaryFolder();
        CopyWithout("libtorch_cpu.so", AppContext.BaseDirectory, folder["program"]);
        var elsewhere = new Dictionary<string, string> { ["NUGET_PACKAGES"] = folder["packages"], ["XDG_CACHE_HOME"] = folder["cache"] };
        var (code, output) = await RunAsync(Path.Combine(folder["program"], "prune.dll"), elsewhere, "doctor");
        Assert.Equal(0, code);
        Assert.Matches($"(?m)^warn  libtorch .*libtorch-cpu-.* is not on this machine yet; looked .*{folder["cache"]}.*{folder["packages"]}", output);
        Assert.Contains("The first command that computes, such as 'prune ask', restores it", output);
        Assert.Matches("(?m)^warn  self-test ", output);
    }

    [Fact]
    public async Task A_libtorch_that_is_damaged_is_told_in_the_systems_own_words()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Links and the loader are tested where the loader works.");
        using var folder = new TemporaryFolder();
        CopyWithout("libtorch_cpu.so", AppContext.BaseDirectory, folder["program"]);
        string damaged = Directory.EnumerateFiles(folder["program"], "libc10.so", SearchOption.AllDirectories).Single().Replace("libc10", "libtorch_cpu");
        File.WriteAllText(damaged, "no library");
        var (code, output) = await RunAsync(Path.Combine(folder["program"], "prune.dll"), [], "doctor");
        Assert.Equal(1, code);
        Assert.Matches("(?m)^bad   libtorch ", output);
        Assert.Contains($"{damaged} does not load: ", output);
        Assert.Matches("(?m)^bad   self-test ", output);
        Assert.Contains("needed things are missing", output);
    }

    [Fact]
    public async Task A_folder_of_models_and_a_browser_that_are_not_there_are_told()
    {
        var (code, output) = await RunAsync(Program, new() { [ModelFolders.Variable] = "/nowhere/models", ["PRUNE_CHROMIUM"] = "/nowhere/chromium", ["OMP_NUM_THREADS"] = "1" }, "doctor");
        Assert.Equal(1, code);
        Assert.Matches("(?m)^warn  models .*/nowhere/models, and there is no such folder", output);
        Assert.Matches("(?m)^bad   browser .*/nowhere/chromium", output);
        Assert.Matches(@"(?m)^ok    threads +1 threads for one operation \(OMP_NUM_THREADS=1\)", output);
    }

    [Fact]
    public async Task The_program_itself_answers_with_its_exit_codes()
    {
        Assert.Equal(0, (await RunAsync(Program, [], "methods")).Code);
        Assert.Equal(1, (await RunAsync(Program, [], "methods", "nothing-like-it")).Code);
        Assert.Equal(2, (await RunAsync(Program, [], "method")).Code);
    }

    static async Task<(int Code, string Output)> RunAsync(string program, Dictionary<string, string> environment, params string[] args)
    {
        var start = new ProcessStartInfo(Tool.Notebooks.Executables.DotNet, [program, .. args]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output + await error);
    }

    /// <summary>The program's folder but for files of one name; native libraries, which are large, as links.</summary>
    static void CopyWithout(string missing, string from, string to)
    {
        foreach (string file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) != missing))
        {
            string copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            if (Path.GetExtension(file) == ".so") File.CreateSymbolicLink(copy, file);
            else File.Copy(file, copy);
        }
    }
}
