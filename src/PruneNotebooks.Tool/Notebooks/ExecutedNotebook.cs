using System.Text.Json.Nodes;

namespace PruneNotebooks.Tool.Notebooks;

/// <summary>One thing to run: a code cell of the notebook, or code that is put behind or in the place of one.</summary>
/// <param name="Number">The execution count: 1 for the first.</param>
/// <param name="Cell">The cell of the file; for injected code, the one it belongs to.</param>
/// <param name="Source">The code.</param>
public sealed record Step(int Number, NotebookCell Cell, string Source)
{
    /// <summary>True for code that is not in the file.</summary>
    public bool Injected { get; init; }
    /// <summary>True when injected code takes the cell's place instead of following it.</summary>
    public bool Replaces { get; init; }
}

/// <summary>A step that ran, with what it showed.</summary>
public sealed record ExecutedCell(Step Step, TimeSpan Time, JsonArray Outputs)
{
    /// <summary>What went wrong; null when nothing did, or when the cell is tagged <c>raises-exception</c> and did.</summary>
    internal CellError? Error { get; init; }
}

/// <summary>A notebook after a run. Cells that did not run are missing from <see cref="Cells"/>.</summary>
public sealed record ExecutedNotebook(Notebook Notebook, IReadOnlyList<ExecutedCell> Cells)
{
    public bool Failed => Cells.Any(cell => cell.Error is not null);
    /// <summary>True when every step ran, be it with an error.</summary>
    public required bool Complete { get; init; }

    /// <summary>The notebook's bytes with the outputs of this run, and with injected cells if there were any.</summary>
    public byte[] ToBytes()
    {
        var writer = new NotebookWriter(Notebook);
        var ran = Cells.Where(cell => !cell.Step.Injected).ToDictionary(cell => cell.Step.Cell);
        foreach (NotebookCell cell in Notebook.Cells.Where(cell => cell.Kind == CellKind.Code))
        {
            if (Cells.Any(c => c.Step.Replaces && c.Step.Cell == cell)) continue;
            if (ran.TryGetValue(cell, out ExecutedCell? result)) writer.SetResult(cell, result.Outputs, result.Step.Number);
            else writer.SetResult(cell, [], null);
        }
        foreach (ExecutedCell injected in Cells.Where(cell => cell.Step.Injected))
            writer.PutCode(injected.Step, Parameters.InjectedTag, injected.Outputs);
        return writer.ToBytes();
    }
}
