using PruneNotebooks.Parts;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Pruners;

/// <summary>FastV: after the first K decoder layers, keeps the visual tokens to which the last prompt token attended most in layer K.</summary>
/// <remarks>
/// <para><i>An Image is Worth 1/2 Tokens After Layer 2: Plug-and-Play Inference Acceleration for Large Vision-Language Models</i>, arXiv 2403.06764, ECCV 2024.</para>
/// <para>
/// K is the stage: <c>Stage.Decoder(2)</c> runs two full layers, ranks by the attention of the second, and prunes before the third. Positions are kept, with gaps
/// (<see cref="Positions.Keep"/>). K = 0 has no attention to rank by; the paper's rows for it are <see cref="RandomTokens"/>.
/// The paper's text averages the attention of all tokens; the authors' code reads the last one, and so does the default here.
/// </para>
/// <para>Cost: O(H N + N log N), and one attention row in one layer.</para>
/// </remarks>
public sealed record FastV : ComposedMethod
{
    /// <summary>Whose attention ranks the tokens: <see cref="Queries.LastToken"/> as in the authors' code, or <see cref="Queries.All"/> as in the paper's text.</summary>
    public Queries Query { get; init; } = Queries.LastToken;

    /// <inheritdoc/>
    public override Composition Parts => Score.DecoderAttention(Layer.BeforeStage, Query).Then(Choose.Top);
}
