using PruneNotebooks.Parts;
using PruneNotebooks.Primitives;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Pruners;

/// <summary>SparseVLM: at three depths of the decoder, keeps the visual tokens to which those words attend that have to do with the picture, and brings the best of the others back as a few merged ones.</summary>
/// <remarks>
/// <para><i>SparseVLM: Visual Token Sparsification for Efficient Vision-Language Model Inference</i>, arXiv 2410.04417, ICML 2025; <see cref="Plus"/> is SparseVLM+, its version 2.0.</para>
/// <para>
/// The score is the attention of the raters (<see cref="TextRaters"/>) in the layer before the stage, mean over heads and raters. A budget counts merged tokens (<see cref="RecycledClusters"/>), which stand between the kept
/// ones and the text. Positions are renumbered at each stage; SparseVLM+ keeps them: <c>plan.With(Positions.Keep)</c>.
/// Raters are chosen from the embeddings at the decoder's entrance, the same at each stage.
/// Published code never keeps all tokens of a stage; here the budget decides.
/// </para>
/// <para>
/// "192 tokens" is an average in which a layer counts what it leaves: 206.5 on average are really computed. The paper's number of tokens that adapts to the rank of the attention was in the first release only
/// (<see cref="Level"/>); later ones have fixed lists.
/// </para>
/// <para>Cost by stage: O(N T D + H T N) for T text tokens, and O(M^2 D) for M = 0.3 of the tokens that leave.</para>
/// </remarks>
public sealed record SparseVlm : ComposedMethod
{
    /// <summary>The published "192 tokens" of LLaVA-1.5-7B: 309, 204 and 113 of 576 tokens, merged ones included, behind layers 2, 6 and 15.</summary>
    public static Schedule Stages { get; } = new(Of: 32, (3, 309 / 576.0), (7, 204 / 576.0), (16, 113 / 576.0));

    /// <summary>By the paper's name of a budget, how many of LLaVA-1.5-7B's 576 tokens are kept behind layers 2, 6 and 15, merged ones not counted.</summary>
    public static IReadOnlyDictionary<int, IReadOnlyList<int>> Budgets { get; } = new Dictionary<int, IReadOnlyList<int>>
    {
        [192] = [300, 200, 110],
        [128] = [303, 110, 36],
        [96] = [238, 48, 26],
        [64] = [66, 30, 17],
    };

    /// <summary>The same of SparseVLM+, which merges nothing.</summary>
    public static IReadOnlyDictionary<int, IReadOnlyList<int>> PlusBudgets { get; } = new Dictionary<int, IReadOnlyList<int>>
    {
        [192] = [300, 200, 118],
        [128] = [238, 108, 60],
        [96] = [246, 54, 28],
        [64] = [66, 34, 20],
    };

    /// <summary>SparseVLM+: attention is corrected for recency, only some heads count, and nothing is merged.</summary>
    public bool Plus { get; init; }

    /// <summary>How many heads count in SparseVLM+.</summary>
    public int Heads
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Heads), value, $"One head or more counts; it was {value}.");
    } = 14;

    /// <summary>Base of the model's rotary embedding, by which SparseVLM+ corrects.</summary>
    public double Theta
    {
        get;
        init => field = value > 1 ? value : throw new ArgumentOutOfRangeException(nameof(Theta), value, $"The base of a rotary embedding is above 1; it was {value}.");
    } = 10000;

    /// <summary>The adaptive number of tokens of the first release; it then decides how many stay, and the budget is the most. <see langword="null"/>: the budget decides.</summary>
    public RankLevel? Level { get; init; }

    /// <inheritdoc/>
    public override Composition Parts => Plus
        ? Score.CorrectedRaterAttention(Layer.BeforeStage, Heads, Theta).Then(Choose.Top)
        : Score.RaterAttention(Layer.BeforeStage).Then(Choose.Top).Then(Mend.RecycleClusters());

    /// <inheritdoc/>
    public override TokenSelection Select(PruningContext context, TokenBudget budget)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(budget);
        int most = budget.Resolve(context.Tokens);
        if (Level is null || most == 0) return base.Select(context, budget);
        using var scope = NewDisposeScope();
        int kept = Level.Left(RankLevel.Rank(((RaterAttention)Parts.Score).Rows(context).mean([0])), context.Tokens);
        int left = kept + (Parts.Repair is RecycledClusters recycled ? recycled.Merged(context.Tokens - kept) : 0);
        return left == 0 ? new TokenSelection([], context.Tokens) : base.Select(context, Math.Min(left, most));
    }
}
