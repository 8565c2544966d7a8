using System.Text.Json;

namespace PruneNotebooks.Tool.Notebooks;

public enum CellKind { Code, Markdown, Raw }

/// <summary>One cell as it stands in the file, with the places of the parts that a run may replace.</summary>
public sealed class NotebookCell
{
    /// <summary>The number that front ends show in brackets beside a code cell once it ran; 0 for text cells and empty code cells.</summary>
    public required int Number { get; init; }
    public required CellKind Kind { get; init; }
    public required string Source { get; init; }
    public string? Id { get; init; }
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>The language a front end noted for this cell (<c>csharp</c>, <c>fsharp</c> ...), or null for the notebook's own.</summary>
    public string? Language { get; init; }

    /// <summary>The outputs in the file: a JSON array, or undefined for a cell that has none.</summary>
    public JsonElement Outputs { get; init; }
    /// <summary>Pictures that a text cell carries: name to MIME type to base64, or undefined.</summary>
    public JsonElement Attachments { get; init; }

    /// <summary>Where the cell's object lies in the file's bytes.</summary>
    internal Span Bounds { get; init; }
    internal Span? OutputsAt { get; init; }
    internal Span? CountAt { get; init; }
    /// <summary>The end of the last property's value: a missing property goes there.</summary>
    internal int LastValueEnd { get; init; }

    public bool Has(string tag) => Tags.Contains(tag);

    /// <summary>A range of bytes; <see cref="KeyStart"/> is where the line's first key or bracket begins (for the indentation).</summary>
    internal readonly record struct Span(int KeyStart, int Start, int End);
}
