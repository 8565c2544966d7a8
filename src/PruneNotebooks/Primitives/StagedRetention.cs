using System.Globalization;

namespace PruneNotebooks.Primitives;

/// <summary>What share of the visual tokens the layers of a decoder see on average when each of several stages keeps a share of what arrives there.</summary>
/// <remarks><i>VFlowOpt</i>, arXiv 2508.05211: <c>(R1 L1 + R1 R2 L2 + R1 R2 R3 L3) / L</c>, for any number of stages.</remarks>
public static class StagedRetention
{
    /// <summary>The average share.</summary>
    /// <param name="layers">By stage: how many layers follow before the next stage.</param>
    /// <param name="kept">By stage: the kept share of what arrives.</param>
    /// <exception cref="ArgumentException">Not as many shares as stages, or no layers.</exception>
    public static double Average(IReadOnlyList<int> layers, IReadOnlyList<double> kept) => Sum(layers, kept, layers?.Count ?? 0) / layers!.Sum();

    /// <summary>The share that the last stage must keep, so that the average is met: at most 1. Zero or below if the stages before it already exceed the average.</summary>
    /// <param name="layers">By stage: how many layers follow before the next stage.</param>
    /// <param name="kept">The kept shares of all stages but the last.</param>
    /// <param name="average">The wanted average share.</param>
    /// <inheritdoc cref="Average"/>
    public static double Last(IReadOnlyList<int> layers, IReadOnlyList<double> kept, double average)
    {
        double rest = average * (layers?.Sum() ?? 0) - Sum(layers, kept, (layers?.Count ?? 0) - 1);
        return Math.Min(1, rest / layers![^1] / kept.Aggregate(1.0, (product, share) => product * share));
    }

    static double Sum(IReadOnlyList<int>? layers, IReadOnlyList<double>? kept, int stages)
    {
        ArgumentNullException.ThrowIfNull(layers);
        ArgumentNullException.ThrowIfNull(kept);
        if (kept.Count != stages || stages < 0 || layers.Any(count => count < 0) || layers.Sum() == 0)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"Stages of [{string.Join(", ", layers)}] layers do not go with kept shares of [{string.Join(", ", kept)}]."), nameof(kept));
        double sum = 0, living = 1;
        for (int i = 0; i < stages; i++) sum += (living *= kept[i]) * layers[i];
        return sum;
    }
}
