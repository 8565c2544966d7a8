using PruneNotebooks.Parts;
using PruneNotebooks.Primitives;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Pruners;

/// <summary>FasterVLM: keeps the tokens to which the vision tower's class token attends most, before the decoder sees anything.</summary>
/// <remarks>
/// <para><i>[CLS] Attention is All You Need for Training-Free Visual Token Pruning: Make VLM Inference Faster</i>, arXiv 2412.01818 v1, 2024.
/// Later versions of that arXiv id are another method, VisPruner.</para>
/// <para>
/// The score is the mean over heads of the class token's attention in the layer whose output becomes the tokens; its attention to itself is cut off
/// and the rest not renormalised. The decoder sees a shorter prompt with consecutive positions. With tiles (LLaVA-NeXT) every crop keeps the same
/// number, a blank one as many as a busy one; <see cref="AnyResolution"/> puts them in order. A tower without class token has no such signal.
/// </para>
/// <para>Cost: O(H N + N log N).</para>
/// </remarks>
public sealed record FasterVlm : ComposedMethod
{
    /// <summary>The tower's layer; by default the one that the tokens come from.</summary>
    public Layer Layer { get; init; } = Layer.Features;

    /// <inheritdoc/>
    public override Composition Parts => Score.ClsAttention(Layer).Then(Choose.Top);
}
