using PruneNotebooks.Models;

namespace PruneNotebooks.Metrics;

/// <summary>A picture, a question about it and the right answer: what an instrument asks a model to learn where and when it looks at the picture.</summary>
/// <param name="Image">The picture. Probes with the same object are about the same picture; intervals are from picture to picture.</param>
/// <param name="Question">The question.</param>
/// <param name="Answer">The right answer, as the model would write it.</param>
/// <param name="Category">What kind of question it is; results are given for each kind, and for all.</param>
public sealed record Probe(RgbImage Image, string Question, string Answer, string Category = "")
{
    /// <summary>A name by which its results are found again, such as the id in a manifest.</summary>
    public string Id { get; init; } = "";

    /// <summary>By probe: the number of its picture, from 0 in the order of their first appearance.</summary>
    internal static int[] Pictures(IEnumerable<Probe> probes)
    {
        Dictionary<RgbImage, int> numbers = new(ReferenceEqualityComparer.Instance);
        return [.. probes.Select(probe => numbers.TryGetValue(probe.Image, out int number) ? number : numbers[probe.Image] = numbers.Count)];
    }
}

/// <summary>How far a measurement is.</summary>
/// <param name="Done">Probes that are done.</param>
/// <param name="Count">Probes in all.</param>
public sealed record ProbeProgress(int Done, int Count);
