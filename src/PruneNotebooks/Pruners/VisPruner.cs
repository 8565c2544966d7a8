using PruneNotebooks.Parts;
using PruneNotebooks.Primitives;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Pruners;

/// <summary>VisPruner: half of the tokens are those to which the class token attends most, half are what is left when near-duplicates among the others are deleted.</summary>
/// <remarks>
/// <para><i>Beyond Text-Visual Attention: Exploiting Visual Cues for Effective Token Pruning in VLMs</i>, arXiv 2412.01818 v2, ICCV 2025. Version 1 is another method, <see cref="FasterVlm"/>.</para>
/// <para>
/// Works on the tower's features, before the projector; positions are consecutive. Deleted tokens are gone, not merged, and of two duplicates the one at the odd place stays, not the one
/// attended to more. The authors' code fails where the number of others is odd; here the even places then have one more (<see cref="PairSuppression"/>). With tiles every crop is pruned
/// alone (<see cref="AnyResolution.RasterOrder"/>).
/// </para>
/// <para>Cost: O(H N + N^2 D).</para>
/// </remarks>
public sealed record VisPruner : ComposedMethod
{
    /// <summary>The share of the budget for the most attended tokens, truncated to whole ones: 1 is FasterVLM.</summary>
    public double ImportantShare
    {
        get;
        init => field = value is >= 0 and <= 1 ? value : throw new ArgumentOutOfRangeException(nameof(ImportantShare), value, $"Important tokens are a share of the budget, 0 to 1; it was {value}.");
    } = 0.5;

    /// <summary>How many near-duplicates are deleted in a round.</summary>
    public int RemovedPerRound
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(RemovedPerRound), value, $"A round deletes one token or more; it was {value}.");
    } = 8;

    /// <summary>Whether the tower has a class token. Without (SigLIP), tokens rank by the attention that they receive in the last layer.</summary>
    public bool ClassToken { get; init; } = true;

    /// <summary>The layer whose class token is asked; by default the one that the tokens come from.</summary>
    public Layer Layer { get; init; } = Layer.Features;

    /// <inheritdoc/>
    public override Composition Parts => (ClassToken ? Score.ClsAttention(Layer) : Score.ReceivedAttention(Layer.Last))
        .Then(Choose.PairSuppression(ImportantShare, RemovedPerRound));
}
