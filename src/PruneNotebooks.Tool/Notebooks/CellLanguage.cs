using System.Text.RegularExpressions;
using ColorCode;

namespace PruneNotebooks.Tool.Notebooks;

/// <summary>The language that a cell is written in.</summary>
/// <param name="Name">What readers call it.</param>
/// <param name="Grammar">How it is coloured.</param>
sealed partial record CellLanguage(string Name, ILanguage Grammar)
{
    static readonly CellLanguage CSharp = new("C#", Languages.CSharp);

    /// <summary>The cell's own: what its magic command or the front end says, else the notebook's.</summary>
    public static CellLanguage Of(NotebookCell cell, string? notebook)
    {
        foreach (Match magic in Magic().Matches(cell.Source))
            if (Named(magic.Groups[1].Value) is { } named) return named;
        return Named(cell.Language) ?? OfNotebook(notebook);
    }

    /// <summary>The language of a notebook's cells that say nothing.</summary>
    public static CellLanguage OfNotebook(string? language) => Named(language) ?? CSharp;

    static CellLanguage? Named(string? name) => name?.ToLowerInvariant() switch
    {
        "csharp" or "c#" => CSharp,
        "fsharp" or "f#" => new("F#", Languages.FSharp),
        "javascript" or "js" => new("JavaScript", Languages.JavaScript),
        "py" or "python" or "python3" => new("Python", Languages.Python),
        "pwsh" or "powershell" => new("PowerShell", Languages.PowerShell),
        "html" => new("HTML", Languages.Html),
        _ => null, // #!set, #!connect and the like change no language
    };

    [GeneratedRegex(@"^#!([\w#]+)\s*$", RegexOptions.Multiline)]
    private static partial Regex Magic();
}
