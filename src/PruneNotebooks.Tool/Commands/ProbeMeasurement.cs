using System.CommandLine;
using PruneNotebooks.Metrics;
using PruneNotebooks.Models;

namespace PruneNotebooks.Tool.Commands;

/// <summary>The course of a measurement: probes, model, progress, results in a folder; stopped, it says how to go on.</summary>
static class ProbeMeasurement
{
    /// <summary>Measures and shows; files are written by <paramref name="show"/>.</summary>
    /// <param name="parse">The command line.</param>
    /// <param name="name">What the files are called.</param>
    /// <param name="measure">The instrument; gets the model, the probes, a journal, and tells how far it is.</param>
    /// <param name="show">Gets what was measured and a function that makes paths in the folder.</param>
    /// <param name="cancel">Stops it.</param>
    public static int Run<T>(
        ParseResult parse, string name, Func<Vlm, IReadOnlyList<Probe>, string, IProgress<ProbeProgress>, T> measure, Action<T, Screen, Func<string, string>> show, CancellationToken cancel)
    {
        // All that can be wrong with the command line or its files is found before a model is loaded.
        var probes = ProbeOptions.Probes(parse);
        string folder = parse.GetValue(ProbeOptions.Out)!, journal = Path.Combine(folder, $"{name}.journal.jsonl");
        if (File.Exists(folder)) throw new IOException($"'{folder}' is a file; --out is a folder for the results.");
        Directory.CreateDirectory(folder);
        var screen = Screen.Of(parse);
        using var model = ComputeOptions.Load(parse, parse.GetValue(ProbeOptions.Model)!);
        T result;
        var heard = new HeardProgress();
        try
        {
            result = screen.WithBar("measuring", say => measure(model, probes, journal, new HeardProgress(say, heard)));
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            throw new StoppedException($"Stopped: {heard.Last.Done} of {heard.Last.Count} are measured and kept in {journal}; the same command goes on from there.");
        }
        List<string> written = [];
        show(result, screen, file =>
        {
            written.Add(file);
            return Path.Combine(folder, file);
        });
        screen.Line();
        screen.Line($"{string.Join(", ", written)} in {folder}");
        return 0;
    }
}
