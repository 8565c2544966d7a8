namespace PruneNotebooks.Tool.Notebooks;

/// <summary>Hears what a run is doing, to tell it to a person or a log.</summary>
public interface IRunProgress
{
    /// <summary>A notebook is about to run.</summary>
    void Starting(string notebook, int steps);
    void CellStarted(Step step);
    /// <summary>The cell has shown something; <paramref name="line"/> is its last line of text.</summary>
    void CellSays(Step step, string line);
    /// <summary>The cell has ended; <paramref name="error"/> is null when it went well.</summary>
    void CellFinished(Step step, TimeSpan time, string? error);
    /// <summary>Something worth one line.</summary>
    void Say(string message);
}
