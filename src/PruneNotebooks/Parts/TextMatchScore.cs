using PruneNotebooks.Primitives;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Parts;

public abstract partial record Score
{
    /// <summary>How well a token fits the question: its cosine with the question's tokens, or what a trained scorer makes of the two.</summary>
    /// <param name="pooling">Over the question's tokens.</param>
    /// <param name="scorer">A trained scorer; plain cosines if not given.</param>
    public static Score TextMatch(TextPooling pooling = TextPooling.Mean, PatchScorer? scorer = null) => new TextMatchScore(pooling, scorer);
}

/// <summary>Fit of each token with the question (<see cref="TextSimilarity"/>, <see cref="PatchScorer"/>).</summary>
/// <param name="Pooling">Over the question's tokens.</param>
/// <param name="Scorer">A trained scorer, or none.</param>
public sealed record TextMatchScore(TextPooling Pooling, PatchScorer? Scorer) : Score
{
    static readonly Signal Question = new Signal.TextFeatures();

    /// <inheritdoc/>
    public override Signals Needs => Signals.Of(new Signal.Features(), Question);

    /// <inheritdoc/>
    public override Tensor Of(PruningContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return Scorer is null ? TextSimilarity.Of(context.Features, context[Question], Pooling) : Scorer.Scores(context.Features, context[Question], Pooling);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{(Scorer is null ? "cosine with" : "trained fit to")} the question ({(Pooling == TextPooling.Mean ? "mean" : "largest")})";
}
