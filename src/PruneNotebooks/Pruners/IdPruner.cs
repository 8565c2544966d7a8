using PruneNotebooks.Parts;
using PruneNotebooks.Primitives;

namespace PruneNotebooks.Pruners;

/// <summary>IDPruner: maximal marginal relevance, greedily the token that is important and resembles none of those kept already.</summary>
/// <remarks>
/// <para><i>IDPruner: Harmonizing Importance and Diversity in Visual Token Pruning for MLLMs</i>, arXiv 2602.13315, 2026.</para>
/// <para>
/// The paper's importance comes from a trained scorer (VisionSelector; the paper passes it through <see cref="SoftTopK"/>, the authors' code does not). What is published for
/// every model is the choice, so the importance is a part to be given, and the class token's attention if it is not. It is stretched to 0 to 1;
/// the first token is the most important one, whatever <see cref="Lambda"/> is. Cosines below zero count as a bonus.
/// Its ratio is the <b>pruned</b> share. Positions are kept for Qwen2.5-VL and consecutive for LLaVA.
/// </para>
/// <para>Cost: <see cref="MarginalRelevance"/>, N D K or N^2 D / 2, whichever is less, and O(N K).</para>
/// </remarks>
public sealed record IdPruner : ComposedMethod
{
    /// <summary>Weight of importance, 0 to 1: 1 is top-k, 0 avoids resemblance alone.</summary>
    public double Lambda
    {
        get;
        init => field = value is >= 0 and <= 1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Lambda), value, FormattableString.Invariant($"Lambda is the weight of importance, 0 to 1; it was {value}."));
    } = 0.5;

    /// <summary>How many tokens are chosen before resemblance to them counts; above 1, copies can enter together.</summary>
    public int AtOnce
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(AtOnce), value, $"One token or more is chosen at once; it was {value}.");
    } = 1;

    /// <summary>How important each token is, in any unit.</summary>
    public Score Importance { get; init; } = Score.ClsAttention();

    /// <inheritdoc/>
    public override Composition Parts => Importance.MinMax(1e-6).Then(Choose.Mmr(Lambda, AtOnce));
}
