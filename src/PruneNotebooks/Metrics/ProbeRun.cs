using PruneNotebooks.Models;
using PruneNotebooks.Runtime;

namespace PruneNotebooks.Metrics;

/// <summary>The way in which instruments go through their probes: those of one shape in batches, results written down as they come, what is written down not measured again.</summary>
internal static class ProbeRun
{
    /// <summary>A result in a journal.</summary>
    sealed record Entry<T>(int Probe, T Result);

    /// <summary>Measures every probe once.</summary>
    /// <param name="model">The model.</param>
    /// <param name="probes">The probes.</param>
    /// <param name="batch">How many are read together at most.</param>
    /// <param name="work">What is measured, with every option that changes results.</param>
    /// <param name="journal">A file to write results to and to go on from, or none.</param>
    /// <param name="measure">Measures a batch; one result for each probe, in order.</param>
    /// <param name="progress">Hears after every batch.</param>
    /// <param name="cancellation">Stops between two batches.</param>
    public static T[] Over<T>(
        Vlm model, IReadOnlyList<EncodedProbe> probes, int batch, string work, string? journal, Func<EncodedProbe[], IEnumerable<T>> measure,
        IProgress<ProbeProgress>? progress, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batch, 1);
        using var written = journal is null ? null
            : Journal<Entry<T>>.Open(journal, $"{work} of {Path.GetFileName(model.Folder)} in {model.Compute.Type}, probes {EncodedProbe.Fingerprint(probes)}");
        var done = (written?.Results ?? []).ToDictionary(entry => entry.Probe, entry => entry.Result);
        progress?.Report(new(done.Count, probes.Count));
        foreach (int[] numbers in Enumerable.Range(0, probes.Count).Where(i => !done.ContainsKey(i)).GroupBy(i => probes[i].Shape).SelectMany(shape => shape.Chunk(batch)))
        {
            cancellation.ThrowIfCancellationRequested();
            foreach (var (number, result) in numbers.Zip(measure([.. numbers.Select(i => probes[i])])))
            {
                written?.Add(new(number, result));
                done[number] = result;
            }
            progress?.Report(new(done.Count, probes.Count));
        }
        return [.. Enumerable.Range(0, probes.Count).Select(i => done[i])];
    }
}
