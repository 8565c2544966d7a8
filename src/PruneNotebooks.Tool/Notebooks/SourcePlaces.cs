namespace PruneNotebooks.Tool.Notebooks;

/// <summary>
/// Where in which cell the pieces begin that the kernel compiles. It splits a cell at magic commands and package references and
/// counts the lines of each piece from 1; the pieces' tokens are the cell's token with a suffix.
/// </summary>
sealed class SourcePlaces
{
    readonly Dictionary<string, (int Cell, int LinesBefore)> pieces = [];
    string latest = "";

    /// <summary>The token under which a cell is submitted.</summary>
    public static string Token(int cell) => $"cell-{cell}";

    /// <summary>Notes a piece when the kernel has received it.</summary>
    public void Add(KernelEvent e, int cell, string source)
    {
        if (e.Type is not ("CodeSubmissionReceived" or "IncompleteCodeSubmissionReceived" or "CompleteCodeSubmissionReceived")) return;
        if (e.Text("code")?.ReplaceLineEndings("\n").Trim('\n') is not { Length: > 0 } code) return;
        string text = source.ReplaceLineEndings("\n");
        int at = text.IndexOf(code, StringComparison.Ordinal);
        if (at < 0) return;
        pieces[e.Token] = (cell, text.AsSpan(0, at).Count('\n'));
        latest = e.Token;
    }

    /// <summary>The cell and line that a line of a piece is; a message without a token speaks of the latest piece.</summary>
    public (int Cell, int Line) Of(string token, int failingCell, int line)
    {
        if (pieces.TryGetValue(token.Length > 0 ? token.TrimEnd('.') : latest, out var place)) return (place.Cell, place.LinesBefore + line);
        return (failingCell, line);
    }
}
