using System.Globalization;
using PruneNotebooks.Primitives;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Parts;

public static partial class Choose
{
    /// <summary>Greedy facility location: tokens that together cover the words of the question and the whole picture, whatever their scores (<i>MMTok</i>, arXiv 2508.18264).</summary>
    /// <param name="alpha">Weight of the picture.</param>
    /// <param name="textTemperature">Of the softmax of words.</param>
    /// <param name="visionTemperature">Of the softmax of tokens.</param>
    /// <param name="padding">Which tokens show the picture; the others are not chosen.</param>
    public static Choice MultimodalCoverage(double alpha = 0.5, double textTemperature = 0.02, double visionTemperature = 0.2, PaddingMask? padding = null) =>
        new MultimodalCoverageChoice(alpha, textTemperature, visionTemperature, padding);
}

/// <summary>Coverage of words and picture (<see cref="MultimodalCoverage"/>); the painted score is what a token added when it was chosen.</summary>
/// <param name="Alpha">Weight of the picture.</param>
/// <param name="TextTemperature">Of the softmax of words.</param>
/// <param name="VisionTemperature">Of the softmax of tokens.</param>
/// <param name="Padding">Which tokens show the picture; all if <see langword="null"/>.</param>
public sealed record MultimodalCoverageChoice(double Alpha, double TextTemperature, double VisionTemperature, PaddingMask? Padding) : Choice
{
    static readonly Signal Picture = new Signal.VisionFeatures(), Words = new Signal.KeywordFeatures();

    /// <inheritdoc/>
    public override Signals Needs => Signals.Of(new Signal.Features(), Picture, Words);

    /// <inheritdoc/>
    public override Chosen Pick(PruningContext context, Ranking ranking, int count)
    {
        ArgumentNullException.ThrowIfNull(context);
        var cover = Cover(context, count);
        float[] added = new float[context.Tokens];
        for (int k = 0; k < cover.Order.Length; k++) added[cover.Order[k]] = (float)cover.Gains[k];
        return new(count == context.Tokens ? [.. Enumerable.Range(0, count).Select(i => (long)i)] : cover.Order, added);
    }

    /// <summary>The choice, its gains and what it covers. Fewer tokens than asked for if all others are padding.</summary>
    /// <exception cref="ArgumentException">The mask is for another number of tokens.</exception>
    public Coverage Cover(PruningContext context, int count)
    {
        ArgumentNullException.ThrowIfNull(context);
        long[] padding = Padding is null ? [] : [.. Padding.Shown(context).Index().Where(token => !token.Item).Select(token => (long)token.Index)];
        return MultimodalCoverage.Choose(context.Features, context[Picture], context[Words], Math.Min(count, context.Tokens - padding.Length), Alpha, TextTemperature, VisionTemperature, padding);
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"coverage of words and picture ({Alpha:0.##})");
}
