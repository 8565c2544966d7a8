using System.CommandLine;
using System.Diagnostics;
using PruneNotebooks.Runtime;
using Spectre.Console;

namespace PruneNotebooks.Tool.Torch;

/// <summary>Loads libtorch for a command that computes, and restores it before that if need be.</summary>
static class TorchSetup
{
    /// <exception cref="DllNotFoundException">It cannot be had, or does not load.</exception>
    public static async Task EnsureAsync(ParseResult parse, CancellationToken cancel)
    {
        TorchBackend? asked = TorchBackend.Asked(parse);
        string folder = TorchLibraries.Find(asked) ?? await RestoreAsync(asked ?? TorchBackend.Cpu, parse.InvocationConfiguration.Error, cancel);
        TorchNativeReport report = TorchLibraries.Load(folder);
        if (report.Error is { } error) throw new DllNotFoundException($"{error} ('prune doctor' says more.)");
        if (asked is not null && report.LibTorch is { } loaded && TorchLibraries.Kind(loaded) != asked)
            throw new DllNotFoundException($"--torch {asked.Name} cannot be had in this process, which has loaded {loaded} already.");
    }

    static async Task<string> RestoreAsync(TorchBackend backend, TextWriter output, CancellationToken cancel)
    {
        string what = $"Restoring {backend}, once: {backend.Size}";
        bool live = AnsiConsole.Profile.Capabilities.Interactive && !Console.IsErrorRedirected && ReferenceEquals(output, Console.Error);
        if (!live) await output.WriteLineAsync(what);
        var clock = Stopwatch.StartNew();
        string folder = live ? await WithClockAsync(what, clock, () => TorchLibraries.RestoreAsync(backend, cancel)) : await TorchLibraries.RestoreAsync(backend, cancel);
        await output.WriteLineAsync($"libtorch is ready after {clock.Elapsed.TotalSeconds:0} s, in {folder}");
        return folder;
    }

    static async Task<T> WithClockAsync<T>(string what, Stopwatch clock, Func<Task<T>> work)
    {
        var errors = AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(Console.Error) });
        return await errors.Status().StartAsync(Markup.Escape(what), async context =>
        {
            using var second = new Timer(_ => context.Status = Markup.Escape($"{what}, {clock.Elapsed.TotalSeconds:0} s (Ctrl-C stops)"), null, 1000, 1000);
            return await work();
        });
    }
}
