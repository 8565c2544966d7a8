using PruneNotebooks.Metrics;
using PruneNotebooks.Scenes;

namespace PruneNotebooks.Display;

/// <summary>One line, in a notebook or a terminal, that tells how far long work is: <c>Measure(..., progress: new ProgressLine("probes"))</c>.</summary>
/// <param name="what">What is counted.</param>
public sealed class ProgressLine(string what) : IProgress<ProbeProgress>, IProgress<SceneProgress>
{
    int longest;

    /// <inheritdoc/>
    public void Report(ProbeProgress value)
    {
        ArgumentNullException.ThrowIfNull(value);
        Write($"{value.Done} of {value.Count} {what}");
    }

    /// <inheritdoc/>
    public void Report(SceneProgress value)
    {
        ArgumentNullException.ThrowIfNull(value);
        Write($"{value.Scenes} {what}, {value.Right} right so far");
    }

    // A carriage return starts the line anew in terminals and notebooks alike; blanks cover what was longer.
    void Write(string text)
    {
        longest = Math.Max(longest, text.Length);
        Console.Write($"\r{text.PadRight(longest)}");
    }
}
