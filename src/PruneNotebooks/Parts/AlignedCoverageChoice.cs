using System.Globalization;
using PruneNotebooks.Primitives;
using PruneNotebooks.Runtime;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Parts;

public abstract partial record Score
{
    /// <summary>How well a token fits the text that belongs to its picture: <c>(1 + cos) / 2</c> with the mean of that text's tokens.</summary>
    public static Score PairedTextMatch { get; } = new PairedTextMatch();
}

public static partial class Choose
{
    /// <summary>Greedy facility location on <c>(1 + cos) / 2</c> plus a weighted sum of scores (<i>CATP</i>, arXiv 2508.07871).</summary>
    /// <param name="weight">Of the scores.</param>
    public static Choice AlignedCoverage(double weight = 0.7) => new AlignedCoverageChoice(weight);
}

/// <summary>Fit with the text behind the picture (<see cref="TextSimilarity"/>), from 0 to 1.</summary>
public sealed record PairedTextMatch : Score
{
    static readonly Signal Text = new Signal.PairedText();

    /// <inheritdoc/>
    public override Signals Needs => Signals.Of(new Signal.Features(), Text);

    /// <inheritdoc/>
    public override Tensor Of(PruningContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        using var scope = NewDisposeScope();
        return TextSimilarity.ToMean(context.Features, context[Text]).add_(1.ToCachedScalar()).div_(2.ToCachedScalar()).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override string ToString() => "cosine with the text behind the picture";
}

/// <summary>Coverage of all tokens and scores of the chosen ones, added up (<see cref="CoverageGreedy"/>).</summary>
/// <param name="Weight">Of the scores.</param>
public sealed record AlignedCoverageChoice(double Weight) : Choice
{
    /// <inheritdoc/>
    public override Signals Needs => Signals.Features;

    /// <inheritdoc/>
    public override Chosen Pick(PruningContext context, Ranking ranking, int count) => new(Cover(context, ranking, count).Order);

    /// <summary>The choice, its gains, which add up to what is maximised, and the cosines that it covers.</summary>
    public Coverage Cover(PruningContext context, Ranking ranking, int count)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(ranking);
        // (1 + cos) / 2 above nothing is half of what cos is above -1.
        return CoverageGreedy.OfTokens(context.Features, count, new()
        {
            Floor = -1,
            Weights = [.. Enumerable.Repeat(0.5, context.Tokens)],
            Bonuses = Array.ConvertAll(ranking.Scores, score => Weight * score),
        });
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"coverage + {Weight:0.##} score");
}
