using System.Diagnostics;

namespace PruneNotebooks.Tool.Notebooks;

/// <summary>What a run may do.</summary>
public sealed record RunOptions
{
    /// <summary>Go on after a cell that failed.</summary>
    public bool KeepGoing { get; init; }
    /// <summary>How long one cell may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(10);
    /// <summary>Additions to the kernel's environment.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
    /// <summary>A folder of packages that <c>#r "nuget: ..."</c> finds besides the usual sources.</summary>
    public string? PackageSource { get; init; }
}

/// <summary>Runs the cells of one notebook, from top to bottom, in a kernel of its own.</summary>
public static class NotebookRunner
{
    /// <summary>A cell with this tag is expected to fail; nbclient and nbconvert read it so, too.</summary>
    public const string MayFail = "raises-exception";

    static readonly HashSet<string> Languages = ["c#", "csharp", "f#", "fsharp", "polyglot-notebook", "polyglot notebook", "pwsh", "powershell"];

    /// <summary>The code cells of a notebook in order; empty cells are no steps.</summary>
    public static IReadOnlyList<Step> Steps(Notebook notebook) =>
        [.. notebook.Cells.Where(cell => cell.Number > 0).Select(cell => new Step(cell.Number, cell, cell.Source))];

    /// <summary>Runs the steps.</summary>
    /// <param name="tool">The kernel's program.</param>
    /// <param name="notebook">The notebook; its file is only read.</param>
    /// <param name="steps">What to run: <see cref="Steps"/>, perhaps with injected parameters.</param>
    /// <param name="folder">The working directory.</param>
    /// <param name="options">What the run may do.</param>
    /// <param name="progress">Hears about every cell.</param>
    /// <param name="cancel">Stops the running cell and ends the kernel.</param>
    /// <exception cref="KernelException">The kernel could not be started.</exception>
    /// <exception cref="NotebookFormatException">The notebook is written for another kernel.</exception>
    public static async Task<ExecutedNotebook> RunAsync(KernelTool tool, Notebook notebook, IReadOnlyList<Step> steps, string folder,
        RunOptions options, IRunProgress progress, CancellationToken cancel)
    {
        if (notebook.Language is { } language && !Languages.Contains(language))
            throw new NotebookFormatException($"{notebook.Name} is written in {language}; this program runs C# and F# notebooks.");
        for (int attempt = 1; ; attempt++)
            if (await AttemptAsync(tool, notebook, steps, folder, options, progress, lastAttempt: attempt == Subkernels.Attempts, cancel) is { } run) return run;
            else progress.Say("a kernel of another language did not answer: beginning anew");
    }

    // Nothing if a kernel of another language did not answer, and another attempt may help.
    static async Task<ExecutedNotebook?> AttemptAsync(KernelTool tool, Notebook notebook, IReadOnlyList<Step> steps, string folder,
        RunOptions options, IRunProgress progress, bool lastAttempt, CancellationToken cancel)
    {
        var environment = new Dictionary<string, string>(options.Environment) { [CommittedForm.Variable] = CommittedForm.Committed };
        progress.Starting(notebook.Name, steps.Count);
        using KernelSession session = await KernelSession.StartAsync(tool, folder, environment, options.PackageSource, cancel);

        var places = new SourcePlaces();
        var outputs = new List<CellOutputs>();
        var done = new List<ExecutedCell>();
        bool usable = true;
        foreach (Step step in steps)
        {
            var shown = new CellOutputs();
            outputs.Add(shown);
            progress.CellStarted(step);
            long start = Stopwatch.GetTimestamp();
            SubmissionResult result = await session.RunAsync(SourcePlaces.Token(step.Number), step.Source, Kernel(step.Cell.Language), Subkernels.Patience(step.Source, options.Timeout), e =>
            {
                places.Add(e, step.Number, step.Source);
                if (e.Type == "DisplayedValueUpdated") _ = outputs.Any(cell => cell.Update(e));
                shown.Add(e, step.Number);
                progress.CellSays(step, shown.LastLine);
            }, cancel);
            if (!lastAttempt && Subkernels.DidNotAnswer(step.Source, result.Error)) return null;
            CellError? error = result.Error is null ? null : CellError.Of(step.Number, Subkernels.Explain(result.Error, step.Source, shown.LastLine), places);
            if (error is not null) shown.Add(error);
            bool failed = error is not null && !(result.KernelUsable && step.Cell.Has(MayFail));
            done.Add(new(step, Stopwatch.GetElapsedTime(start), []) { Error = failed ? error : null });
            progress.CellFinished(step, done[^1].Time, failed ? error!.Message : null);
            usable = result.KernelUsable;
            if (!usable || (failed && !options.KeepGoing)) break;
        }
        // Only now: a later cell may have changed what an earlier one displays.
        return new(notebook, [.. done.Zip(outputs, (cell, shown) => cell with { Outputs = shown.ToJson() })]) { Complete = done.Count == steps.Count };
    }

    static string? Kernel(string? language) => language?.ToLowerInvariant() switch
    {
        null or "csharp" or "c#" or "dotnet-interactive" => null,
        "fsharp" or "f#" => "fsharp",
        var other => other,
    };
}
