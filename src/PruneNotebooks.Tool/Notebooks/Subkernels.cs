using System.Text.RegularExpressions;

namespace PruneNotebooks.Tool.Notebooks;

/// <summary>Kernels of other languages that a notebook starts beside its own, with <c>#!connect jupyter --kernel-spec python3</c>.</summary>
static partial class Subkernels
{
    /// <summary>A kernel that cannot start does not say so: after this time it has not.</summary>
    static readonly TimeSpan StartTime = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Now and then a start hangs, mostly on a busy machine: .NET Interactive and the new kernel miss each other's first message. How often a notebook is begun
    /// anew for that.
    /// </summary>
    public const int Attempts = 3;

    /// <summary>Whether a cell failed because a kernel that it connects to did not answer.</summary>
    public static bool DidNotAnswer(string source, string? error) => error is not null && TimedOut(error) && Connect().IsMatch(source);

    static bool TimedOut(string error) => error.StartsWith("The cell ran longer than", StringComparison.Ordinal);

    /// <summary>How long a cell may take that otherwise may take so long.</summary>
    public static TimeSpan Patience(string source, TimeSpan otherwise) => Connect().IsMatch(source) && otherwise > StartTime ? StartTime : otherwise;

    /// <summary>What went wrong in a cell, with what to do about it where the kernel's own words do not say.</summary>
    /// <param name="error">The kernel's words.</param>
    /// <param name="source">The cell.</param>
    /// <param name="lastLine">The last line that the cell showed.</param>
    public static string Explain(string error, string source, string lastLine)
    {
        // Of an exception in Python, the kernel tells the name only; the whole sentence ends the traceback that was shown.
        if (lastLine.StartsWith($"{error}: ", StringComparison.Ordinal)) return lastLine;
        if (Connect().Match(source) is not { Success: true } connect) return error;
        string name = connect.Groups["name"].Value;
        if (error.Contains($"KernelSpec {name} not found", StringComparison.Ordinal))
            return $"There is no Jupyter kernel '{name}' on this machine. Install it (python3 on Debian: apt-get install python3-ipykernel python3-numpy), or name another in --kernel-spec.";
        return TimedOut(error)
            ? $"{error} The Jupyter kernel '{name}' did not start: see whether the program of its kernel.json does (python3: 'python3 -m ipykernel --version')."
            : error;
    }

    [GeneratedRegex(@"^\s*#!connect\s+jupyter\b.*--kernel-spec\s+(?<name>\S+)", RegexOptions.Multiline)]
    private static partial Regex Connect();
}
