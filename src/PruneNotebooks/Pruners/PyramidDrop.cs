using PruneNotebooks.Parts;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Pruners;

/// <summary>PyramidDrop: halves the visual tokens at three depths of the decoder, by the attention that the last token of the prompt would pay them in the layer that they are about to enter.</summary>
/// <remarks>
/// <para><i>PyramidDrop: Accelerating Your Large Vision-Language Models via Pyramid Visual Redundancy Reduction</i>, arXiv 2410.17247, CVPR 2025.</para>
/// <para>
/// The score is the softmax over all keys that the last token sees, text included, mean over heads, not renormalised. The paper's text speaks of a similarity at the end of a stage; the
/// authors' code projects the hidden states with the norm, queries and keys of the <b>next</b> layer (<see cref="Layer.AtStage"/>). Their "last instruction token" is the last token of the prompt, that is of the
/// template. Positions are renumbered at each stage. Shares are of the original number of tokens; published code truncates <c>N * share</c> in double precision (<see cref="Rounding.Down"/>).
/// In training the rows before each answer take the place of the last one (<see cref="Primitives.AnswerRows"/>).
/// </para>
/// <para>
/// With stages before layers 8, 16 and 24 of 32 the average cannot be less than a quarter of the tokens: "128 tokens" needs other layers.
/// </para>
/// <para>Cost by stage: O(H N + N log N), and one attention row of one layer; attention stays fused.</para>
/// </remarks>
public sealed record PyramidDrop : ComposedMethod
{
    /// <summary>LLaVA-1.5: half of the tokens before layer 8, a quarter before 16, an eighth before 24 of 32.</summary>
    public static Schedule Stages { get; } = new(Of: 32, (8, 0.5), (16, 0.25), (24, 0.125));

    /// <inheritdoc/>
    public override Composition Parts => Score.DecoderAttention(Layer.AtStage).Then(Choose.Top);
}
