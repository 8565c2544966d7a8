using PruneNotebooks.Parts;
using PruneNotebooks.Primitives;
using static TorchSharp.torch;

namespace PruneNotebooks.Pruners;

/// <summary>FocusUI: keeps the tokens of an interface that fit the instruction, and a marker wherever a run of tokens is missing, so that places stay readable.</summary>
/// <remarks>
/// <para><i>FocusUI: Efficient UI Grounding via Position-Preserving Visual Token Selection</i>, arXiv 2601.03928, CVPR 2026.</para>
/// <para>
/// The published scorer is trained (<see cref="PatchScorer"/>, towards <see cref="GroundingLabels"/>) together with the model and its marker. Without weights the score is the plain cosine of a token with the
/// instruction, and the marker the mean of what is dropped. The instruction is the text behind the last picture, as embeddings. Positions are kept, also those of text and of new tokens.
/// The paper's budget truncates: <c>TokenBudget.Ratio(1 - dropped, Rounding.Down)</c>; its README calls the dropped share retention. Equal scores are in the authors' code in random order, here in that of the tokens.
/// </para>
/// <para>Cost: with the mean of cosines O((N + T) D), with a scorer O(N D^2 + N^2 D); N log N.</para>
/// </remarks>
public sealed record FocusUi : ComposedMethod
{
    /// <summary>The trained scorer; <see langword="null"/> for plain cosines.</summary>
    public PatchScorer? Scorer { get; init; }

    /// <summary>How similarities to the instruction's tokens become one score.</summary>
    public TextPooling Pooling { get; init; } = TextPooling.Mean;

    /// <summary>The embedding of the marker that the model has learned, float <c>[D]</c>; <see langword="null"/> for the mean of the dropped tokens. It belongs to the caller.</summary>
    public Tensor? Marker { get; init; }

    /// <inheritdoc/>
    public override Composition Parts => Score.TextMatch(Pooling, Scorer).Then(Choose.Top).Then(Mend.PositionPadding(Marker));
}
