using PruneNotebooks.Metrics;

namespace PruneNotebooks.Tool.Commands;

/// <summary>Passes on how far a measurement is, and remembers it for the sentence that a stopped command ends with.</summary>
/// <param name="say">Shows it.</param>
/// <param name="keep">Hears it, too, and remembers it beyond the life of what is shown.</param>
sealed class HeardProgress(Action<int, int>? say = null, HeardProgress? keep = null) : IProgress<ProbeProgress>
{
    public ProbeProgress Last { get; private set; } = new(0, 0);

    public void Report(ProbeProgress value)
    {
        Last = value;
        keep?.Report(value);
        say?.Invoke(value.Done, value.Count);
    }
}
