using System.Text.RegularExpressions;

namespace PruneNotebooks.Tool.Notebooks;

/// <summary>An error of a cell in the reader's terms: the kernel's message with cells and lines instead of submissions and paths.</summary>
/// <param name="Name">The exception's type, or the compiler's code.</param>
/// <param name="Message">What went wrong.</param>
/// <param name="Line">The line of the failing cell, counted from 1, where it is known.</param>
/// <param name="Traceback">The whole message, line by line.</param>
sealed partial record CellError(string Name, string Message, int? Line, IReadOnlyList<string> Traceback)
{
    /// <summary>Reads the kernel's message.</summary>
    /// <param name="cell">The number of the cell that failed.</param>
    /// <param name="message">The kernel's message.</param>
    /// <param name="places">Where the submissions of all cells so far began.</param>
    public static CellError Of(int cell, string message, SourcePlaces places)
    {
        if (message.Contains("Commands.RequestInput", StringComparison.Ordinal))
            message = "The cell asks for input, and in a headless run nobody can answer: make it a parameter (--set name=value).";
        int? line = null;
        var lines = new List<string>();
        foreach (string raw in message.ReplaceLineEndings("\n").TrimEnd().Split('\n'))
        {
            if (raw.StartsWith("--- End of stack trace", StringComparison.Ordinal)) continue;
            if (raw.Contains("Microsoft.CodeAnalysis.Scripting.", StringComparison.Ordinal)) continue;
            string text = Project().Replace(raw, "");
            if (Diagnostic().Match(raw) is { Success: true } found)
            {
                (int at, int row) = places.Of(found.Groups["token"].Value, cell, int.Parse(found.Groups["line"].ValueSpan));
                text = $"cell {at}, line {row}, column {found.Groups["column"].Value}: {found.Groups["text"].Value}";
                if (at == cell) line ??= row;
            }
            else if (Frame().Match(raw) is { Success: true } frame)
            {
                (int at, int row) = places.Of(frame.Groups["token"].Value, cell, int.Parse(frame.Groups["line"].ValueSpan));
                string what = Body().IsMatch(frame.Groups["what"].Value) ? "" : Submission().Replace(frame.Groups["what"].Value, "") + " in ";
                text = $"   at {what}cell {at}, line {row}";
                // The outermost frame of the failing cell comes last; it is the line that its author wrote there.
                if (at == cell) line = row;
            }
            else text = Submission().Replace(FilePath().Replace(text, " in $1"), "");
            lines.Add(text);
        }
        (string name, string what2) = NameAndMessage(lines[0]);
        return new(name, what2, line, lines);
    }

    static (string, string) NameAndMessage(string first)
    {
        if (CompilerCode().Match(first) is { Success: true } code) return ("error " + code.Groups[1].Value, code.Groups[2].Value);
        return TypeName().Match(first) is { Success: true } type ? (type.Groups[1].Value, type.Groups[2].Value) : ("Error", first);
    }

    [GeneratedRegex(@"^(?<token>cell-[\d.]+)?\((?<line>\d+),(?<column>\d+)\): (?<text>.*)$")]
    private static partial Regex Diagnostic();

    [GeneratedRegex(@"^\s+at (?<what>.*) in .*?(?<token>cell-[\d.]+):line (?<line>\d+)$")]
    private static partial Regex Frame();

    [GeneratedRegex(@"<<Initialize>>d__\d+\.MoveNext\(\)$")]
    private static partial Regex Body();

    [GeneratedRegex(@"Submission#\d+\.")]
    private static partial Regex Submission();

    [GeneratedRegex(@" in (?:.*[/\\])?([^/\\]+:line \d+)$")]
    private static partial Regex FilePath();

    // The temporary project in which the kernel restores packages.
    [GeneratedRegex(@"^.*Project\.fsproj : ")]
    private static partial Regex Project();

    [GeneratedRegex(@"error (\w+): (.*)$")]
    private static partial Regex CompilerCode();

    [GeneratedRegex(@"^([\w.+`]+(?:Exception|Error)): (.*)$")]
    private static partial Regex TypeName();
}
