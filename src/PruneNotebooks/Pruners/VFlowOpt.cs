using PruneNotebooks.Parts;
using PruneNotebooks.Primitives;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Pruners;

/// <summary>VFlowOpt: scores tokens once, by attention from important patches; what leaves before the decoder is recycled into one token per cell, and twice inside the decoder the lowest of the same scores leave.</summary>
/// <remarks>
/// <para><i>VFlowOpt: A Token Pruning Framework for LMMs with Visual Information Flow-Guided Optimization</i>, arXiv 2508.05211, ICCV 2025.</para>
/// <para>
/// This is the first stage, at the projector; <see cref="Plan(TokenBudget, ModelDimensions)"/> has all three. Thresholds and cells were found by Bayesian optimisation of how little the last token's state moves, for
/// LLaVA-OneVision-7B (<see cref="VFlowStrategy.Published"/>); <see cref="StagedRetention"/> has the equation of its constraint. The code budgets for as many recycled tokens as whole cells fit
/// the grid, so that its count drifts with the cells that tokens lie in (<see cref="Exact"/> off); here just enough tokens are recycled to meet the budget.
/// </para>
/// <para>Cost: O(H N^2 + N D), and the attention among all patches in one layer of the tower.</para>
/// </remarks>
public sealed record VFlowOpt : ComposedMethod
{
    /// <summary>A patch is important if it receives more than this times the mean; if none does, all are.</summary>
    public double Threshold { get; init; } = VFlowStrategy.Quarter.Threshold;

    /// <summary>Side of a cell in tokens; <see langword="null"/> for the published one, by the size of the grid.</summary>
    public double? CellSide
    {
        get;
        init => field = value is null or > 0 ? value : throw new ArgumentOutOfRangeException(nameof(CellSide), value, $"The side of a cell is positive; it was {value}.");
    }

    /// <summary>Whether the budget is met exactly, rather than up to how many cells there are.</summary>
    public bool Exact { get; init; } = true;

    /// <summary>Whether tokens that leave are recycled.</summary>
    public bool Recycles { get; init; } = true;

    /// <summary>Weight of the entropy of patches: 0 in all published strategies. It multiplies a softmax, which sums to 1, while importance is about 1 / N.</summary>
    public double Alpha { get; init; }

    /// <summary>Entropy of each patch of the picture (<see cref="PatchEntropy"/>), if it has a weight: a method with it is a method for that picture.</summary>
    public IReadOnlyList<double>? Entropy { get; init; }

    /// <summary>The tower's layer whose attention is looked at; by default the one that the tokens come from.</summary>
    public Layer Layer { get; init; } = Layer.Features;

    /// <inheritdoc/>
    public override Composition Parts =>
        new(Score.FlowImportance(Threshold, Layer, Alpha, Entropy), Choose.Top, Recycles ? Mend.Recycle(CellSide, Exact) : null);

    /// <summary>The later stages: the lowest of the scores that the first stage gave leave. No attention is looked at.</summary>
    public static Composition Later { get; } = Score.Earlier.Then(Choose.Top).Named("VFlowOpt, scored before");

    /// <summary>The three stages of the published strategy for a quarter of the tokens, its shares scaled to what is left in the end.</summary>
    /// <param name="keep">How many tokens the last stage leaves.</param>
    /// <param name="model">In which model.</param>
    public static PruningPlan Plan(TokenBudget keep, ModelDimensions model)
    {
        ArgumentNullException.ThrowIfNull(keep);
        var schedule = VFlowStrategy.Quarter.Schedule;
        return Plan(new VFlowOpt(), schedule.Layers(model), schedule.Counts(keep, model.Tokens));
    }

    /// <summary>The three stages of a strategy.</summary>
    /// <param name="strategy">What was found for an average share.</param>
    /// <param name="model">In which model.</param>
    public static PruningPlan Plan(VFlowStrategy strategy, ModelDimensions model)
    {
        ArgumentNullException.ThrowIfNull(strategy);
        return Plan(new VFlowOpt { Threshold = strategy.Threshold, CellSide = strategy.CellSide }, strategy.Schedule.Layers(model), strategy.Counts(model.Tokens));
    }

    static PruningPlan Plan(VFlowOpt first, IReadOnlyList<int> layers, IReadOnlyList<int> counts)
    {
        var plan = PruningPlan.At(Stage.Projector, first, TokenBudget.CountOrNothing(counts[0]));
        for (int i = 1; i < counts.Count; i++) plan = plan.Then(Stage.Decoder(layers[i]), Later, TokenBudget.CountOrNothing(counts[i]));
        return plan;
    }
}
