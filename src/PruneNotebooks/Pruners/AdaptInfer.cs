using PruneNotebooks.Parts;
using PruneNotebooks.Primitives;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Pruners;

/// <summary>AdaptInfer: at three depths of the decoder, keeps the visual tokens to which those words attend that matter in that layer.</summary>
/// <remarks>
/// <para><i>AdaptInfer: Adaptive Token Pruning for Vision-Language Model Inference with Dynamical Text Guidance</i>, arXiv 2508.06084, 2025.</para>
/// <para>
/// A text token weighs as much as it gives to and receives from the text behind the picture, template included, head by head (<see cref="TextGuidance"/>); the abstract speaks of a distribution over the text, the
/// authors' code has raw sums. Weights are computed anew at each stage, from the layer just before it (<see cref="Layer.BeforeStage"/>). Positions are renumbered in LLaVA; the Qwen2-VL version keeps them.
/// Published code never keeps all tokens of a stage, whatever its budget (at most n - 1); here the budget decides.
/// </para>
/// <para>
/// The paper's "128 tokens" counts layers 1, 10 and 20 as if they saw what they leave; what they really see makes it 146 on average. <see cref="ChangePoint"/> is how the layers were found.
/// </para>
/// <para>Cost by stage: O(H T N d) for T text tokens, and their attention rows in one layer.</para>
/// </remarks>
public sealed record AdaptInfer : ComposedMethod
{
    /// <summary>The paper's "128 tokens" of LLaVA-1.5-7B: 290, 72 and 18 of 576 tokens are left behind layers 1, 10 and 20.</summary>
    public static Schedule Stages { get; } = new(Of: 32, (2, 290 / 576.0), (11, 72 / 576.0), (21, 18 / 576.0));

    /// <summary>By the paper's name of a budget, how many of LLaVA-1.5-7B's 576 tokens are left behind layers 1, 10 and 20.</summary>
    public static IReadOnlyDictionary<int, IReadOnlyList<int>> Budgets { get; } = new Dictionary<int, IReadOnlyList<int>>
    {
        [128] = [290, 72, 18],
        [64] = [133, 27, 3],
        [48] = [80, 24, 2],
        [32] = [40, 12, 0],
    };

    /// <summary>How much the words' weights count: 1 as measured, 0 all words alike (an ablation).</summary>
    public double Guidance
    {
        get;
        init => field = value is >= 0 and <= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Guidance), value, $"Guidance is 0 (all words alike) to 1 (as measured); it was {value}.");
    } = 1;

    /// <inheritdoc/>
    public override Composition Parts => Score.TextGuided(Layer.BeforeStage, Guidance).Then(Choose.Top);
}
