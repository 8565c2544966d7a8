using System.Globalization;
using PruneNotebooks.Parts;
using PruneNotebooks.Primitives;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Pruners;

/// <summary>What <see cref="VFlowOpt"/>'s optimisation chooses for one average share of tokens; those that were published are for LLaVA-OneVision-7B: 27 x 27 tokens a tile, 28 decoder layers.</summary>
/// <param name="Average">The mean share of tokens that decoder layers see.</param>
/// <param name="Threshold">A patch is important if it receives more than this times the mean.</param>
/// <param name="CellSide">Side of a cell, in tokens.</param>
/// <param name="First">The share that stays before the decoder.</param>
/// <param name="Second">The share of those that stays before layer 9.</param>
/// <param name="Third">The share of those that stays before layer 18.</param>
public sealed record VFlowStrategy(double Average, double Threshold, double CellSide, double First, double Second, double Third)
{
    /// <summary>Half of the tokens.</summary>
    public static VFlowStrategy Half { get; } = new(0.5, 28.683, 11.757, 0.72332, 0.74875, 0.487);

    /// <summary>A quarter.</summary>
    public static VFlowStrategy Quarter { get; } = new(0.25, 34.760, 15.581, 0.26510, 0.98334, 0.87733);

    /// <summary>A tenth.</summary>
    public static VFlowStrategy Tenth { get; } = new(0.1, 39.265, 17.387, 0.11662, 1, 0.6011);

    /// <summary>All that were published.</summary>
    public static IReadOnlyList<VFlowStrategy> Published { get; } = [Half, Quarter, Tenth];

    /// <summary>A strategy whose last stage keeps what it takes to meet the average in a model.</summary>
    /// <param name="average">The wanted mean share of tokens that decoder layers see.</param>
    /// <param name="first">The share that stays before the decoder.</param>
    /// <param name="second">The share of those that stays at the second stage.</param>
    /// <param name="threshold">A patch is important if it receives more than this times the mean.</param>
    /// <param name="cellSide">Side of a cell, in tokens.</param>
    /// <param name="model">In which model: its depth decides how many layers each stage has.</param>
    /// <exception cref="ArgumentException">The first two stages already exceed the average.</exception>
    public static VFlowStrategy Solve(double average, double first, double second, double threshold, double cellSide, ModelDimensions model)
    {
        double third = StagedRetention.Last(Lengths(model), [first, second], average);
        return third > 0 ? new(average, threshold, cellSide, first, second, third) : throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
            $"Stages that keep {first} and {second} of what arrives exceed an average of {average} already: keep less, or ask for more."), nameof(average));
    }

    /// <summary>The least share that the second stage may keep, so that a last stage that keeps all of it still meets the average.</summary>
    /// <inheritdoc cref="Solve"/>
    public static double LeastSecond(double average, double first, ModelDimensions model)
    {
        int[] lengths = Lengths(model);
        return Math.Max(0, (average * lengths.Sum() / first - lengths[0]) / (lengths[1] + lengths[2]));
    }

    static int[] Lengths(ModelDimensions model)
    {
        var layers = Half.Schedule.Layers(model);
        return [layers[1] - layers[0], layers[2] - layers[1], model.DecoderLayers - layers[2]];
    }

    /// <summary>Before which layers which share of all tokens is left.</summary>
    public Schedule Schedule => new(Of: 28, (0, First), (9, First * Second), (18, First * Second * Third));

    /// <summary>How many tokens are left by stage: what leaves is rounded, ties to even, at each.</summary>
    /// <param name="tokens">Visual tokens before any stage.</param>
    public IReadOnlyList<int> Counts(int tokens)
    {
        int[] counts = new int[3];
        foreach (var (i, share) in new[] { First, Second, Third }.Index()) counts[i] = tokens -= Rounding.HalfToEven.Apply(tokens * (1 - share));
        return counts;
    }
}
