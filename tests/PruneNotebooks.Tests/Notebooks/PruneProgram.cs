using System.Diagnostics;
using System.Text.RegularExpressions;

namespace PruneNotebooks.Tests.Notebooks;

/// <summary>Runs the <c>prune</c> program that was built with the tests, as a person would from a shell.</summary>
static partial class PruneProgram
{
    static readonly string Library = Path.Combine(AppContext.BaseDirectory, "prune.dll");

    public sealed record Outcome(int ExitCode, string Output, string Error);

    static string Host => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    public static Process Start(IEnumerable<string> arguments, params (string Name, string Value)[] environment) => Start(Host, [Library, .. arguments], environment);

    /// <summary>Starts it so that an interrupt reaches it, as in a terminal: what runs in the background of a shell ignores that signal, and so would its children.</summary>
    public static Process StartInterruptible(params IEnumerable<string> arguments) => Start("env", ["--default-signal=INT", Host, Library, .. arguments], []);

    static Process Start(string program, IEnumerable<string> arguments, (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        foreach ((string name, string value) in environment) start.Environment[name] = value;
        return Process.Start(start)!;
    }

    public static async Task<Outcome> RunAsync(IEnumerable<string> arguments, params (string Name, string Value)[] environment)
    {
        using Process process = Start(arguments, environment);
        return await EndOfAsync(process);
    }

    public static async Task<Outcome> EndOfAsync(Process process)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromMinutes(5));
        Task<string> output = process.StandardOutput.ReadToEndAsync(patience.Token), error = process.StandardError.ReadToEndAsync(patience.Token);
        await process.WaitForExitAsync(patience.Token);
        return new(process.ExitCode, await output, await error);
    }

    /// <summary>Waits until a cell has said how it is called: a number that it wrote into a file.</summary>
    public static async Task<int> KernelIdAsync(string file, Process program)
    {
        for (int i = 0; i < 1200; i++)
        {
            if (File.Exists(file) && Number().Match(await File.ReadAllTextAsync(file)) is { Success: true } id) return int.Parse(id.Value);
            Assert.False(program.HasExited, "the program ended before its cell ran");
            await Task.Delay(100);
        }
        throw new TimeoutException($"no cell wrote {file}");
    }

    /// <summary>Whether a process ends within some seconds.</summary>
    public static async Task<bool> EndsAsync(int id)
    {
        for (int i = 0; i < 100; i++)
        {
            if (!Directory.Exists($"/proc/{id}")) return true;
            await Task.Delay(100);
        }
        return false;
    }

    [GeneratedRegex(@"^\d+(?=;)")]
    private static partial Regex Number();
}
