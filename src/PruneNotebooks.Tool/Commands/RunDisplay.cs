using System.Diagnostics;
using System.Globalization;
using PruneNotebooks.Tool.Notebooks;
using Spectre.Console;

namespace PruneNotebooks.Tool.Commands;

/// <summary>Tells a person how a run goes: a live line in a terminal, one line per cell anywhere else.</summary>
sealed class RunDisplay : IRunProgress
{
    const int ShownLines = 8;

    readonly bool live = AnsiConsole.Profile.Capabilities.Interactive && !Console.IsOutputRedirected;
    readonly Stopwatch cellTime = new();
    StatusContext? status;
    string title = "", current = "", saying = "";
    int steps;

    /// <summary>Shows the live line while something runs.</summary>
    public async Task<T> ShowAsync<T>(Func<Task<T>> work)
    {
        if (!live) return await work();
        return await AnsiConsole.Status().Spinner(Spinner.Known.Dots).StartAsync("starting", async context =>
        {
            status = context;
            using var clock = new Timer(_ => Refresh(), null, 1000, 1000);
            try
            {
                return await work();
            }
            finally
            {
                status = null;
            }
        });
    }

    public void Starting(string notebook, int steps)
    {
        (title, this.steps) = (notebook, steps);
        Line(notebook);
        Refresh("starting the kernel");
    }

    public void CellStarted(Step step)
    {
        cellTime.Restart();
        saying = "";
        Refresh($"cell {step.Number} of {steps}");
    }

    public void CellSays(Step step, string line)
    {
        if (line == saying) return;
        saying = line;
        Refresh();
    }

    public void CellFinished(Step step, TimeSpan time, string? error)
    {
        string mark = error is null ? "" : "failed  ";
        string code = FirstLine(step.Source, live ? AnsiConsole.Profile.Width - 30 : 70);
        Line(string.Create(CultureInfo.InvariantCulture, $"  [{step.Number}/{steps}] {time.TotalSeconds,6:0.0} s  {mark}{code}"));
    }

    public void Say(string message) => Line(message);

    /// <summary>Reports the errors of a run on standard error.</summary>
    public static void ReportErrors(ExecutedNotebook run)
    {
        foreach (ExecutedCell cell in run.Cells.Where(cell => cell.Error is not null))
        {
            CellError error = cell.Error!;
            string line = error.Line is { } n ? $", line {n}" : "";
            CommandLine.Complain($"{run.Notebook.Name}, cell {cell.Step.Number}{line}: {(error.Name == "Error" ? "" : error.Name + ": ")}{error.Message}");
            if (error.Line is { } at && cell.Step.Source.Split('\n').ElementAtOrDefault(at - 1) is { } source) Console.Error.WriteLine("    " + source.Trim());
            foreach (string more in error.Traceback.Skip(1)) Console.Error.WriteLine(more);
        }
    }

    /// <summary>Reports what a comparison has found.</summary>
    public void ReportCheck(Notebook notebook, IReadOnlyList<OutputDifference> differences)
    {
        if (differences.Count == 0) Line($"{notebook.Name} says what is committed.");
        foreach (OutputDifference difference in differences)
        {
            CommandLine.Complain($"{notebook.Name}, cell {difference.Cell}: the output is not what is committed.");
            Print("  - ", difference.Removed);
            Print("  + ", difference.Added);
        }
    }

    static void Print(string mark, IReadOnlyList<string> lines)
    {
        foreach (string line in lines.Take(ShownLines)) Console.Error.WriteLine(mark + line);
        if (lines.Count > ShownLines) Console.Error.WriteLine($"{mark}... {lines.Count - ShownLines} more lines");
    }

    void Line(string text)
    {
        if (live) AnsiConsole.WriteLine(text);
        else Console.WriteLine(text);
    }

    void Refresh(string? now = null)
    {
        if (now is not null) current = now;
        if (status is not { } shown) return;
        string text = string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(title)}  {current}  {cellTime.Elapsed.TotalSeconds:0} s  {saying}");
        int width = Math.Max(20, AnsiConsole.Profile.Width - 4);
        shown.Status = Markup.Escape(text.Length > width ? text[..width] : text);
    }

    /// <summary>The line by which its author recognises a cell.</summary>
    static string FirstLine(string source, int width)
    {
        IEnumerable<string> lines = source.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0);
        string line = lines.FirstOrDefault(line => !line.StartsWith("using ", StringComparison.Ordinal)) ?? lines.First();
        width = Math.Max(width, 10);
        return line.Length > width ? line[..(width - 1)] + "…" : line;
    }
}
