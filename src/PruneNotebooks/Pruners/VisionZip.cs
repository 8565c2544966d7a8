using PruneNotebooks.Parts;
using PruneNotebooks.Primitives;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Pruners;

/// <summary>VisionZip: keeps the tokens to which the class token attends most, and folds all others into a few contextual tokens by the similarity of their keys.</summary>
/// <remarks>
/// <para><i>VisionZip: Longer is Better but Not Necessary in Vision Language Models</i>, arXiv 2412.04467, CVPR 2025.</para>
/// <para>
/// Works behind the tower, before the projector; positions are consecutive. What goes on is the class token, the dominant tokens in the order of the picture, and the contextual ones, whose
/// place is that of their target. Summaries speak of averages; the code, and so the default
/// here, adds the mean of those that join to the target (<see cref="Merge"/>). With tiles every crop is compressed alone (<see cref="AnyResolution.CompressedOrder"/>).
/// </para>
/// <para>Cost: O(H N + C N d) for C contextual tokens and keys of width d, and O(N D) to merge.</para>
/// </remarks>
public sealed record VisionZip : ComposedMethod
{
    /// <summary>Which share of the budget contextual tokens are. The paper's budgets are 54 + 10, 108 + 20 and 162 + 30.</summary>
    public double ContextualShare
    {
        get;
        init => field = value is >= 0 and <= 1 ? value : throw new ArgumentOutOfRangeException(nameof(ContextualShare), value, $"Contextual tokens are a share of the budget, 0 to 1; it was {value}.");
    } = 10 / 64.0;

    /// <summary>What a contextual token is made of.</summary>
    public ContextualMerge Merge { get; init; } = ContextualMerge.TargetPlusMean;

    /// <summary>Whether the tower has a class token. Without (SigLIP, Qwen), tokens rank by the attention that they receive, and no class token goes on.</summary>
    public bool ClassToken { get; init; } = true;

    /// <summary>The layer whose attention and keys are looked at; by default the one that the tokens come from.</summary>
    public Layer Layer { get; init; } = Layer.Features;

    /// <inheritdoc/>
    public override Composition Parts => (ClassToken ? Score.SummedClsAttention(Layer) : Score.ReceivedAttention(Layer))
        .Then(Choose.Top).Then(Mend.Contextual(ContextualShare, Layer, ClassToken, Merge));
}
