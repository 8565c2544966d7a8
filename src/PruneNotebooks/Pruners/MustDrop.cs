using PruneNotebooks.Parts;
using PruneNotebooks.Primitives;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Pruners;

/// <summary>MustDrop: in the vision tower, windows of like neighbours are merged and a key set is named; inside the decoder, tokens leave that are weak for the question as a whole and for each of its words.</summary>
/// <remarks>
/// <para><i>Multi-Stage Vision Token Dropping: Towards Efficient Multimodal Large Language Model</i>, arXiv 2411.10803, 2024.</para>
/// <para>
/// This is one stage inside the decoder; <see cref="Plan"/> has all of them, <see cref="ThresholdPlan"/> those of the authors' code. There, thresholds that were tuned by data set say who leaves, and no budget can be set
/// (<see cref="ByThreshold"/>). Here both thresholds grow together until the budget is met: tokens leave in the order of <see cref="TextFilter.Level"/>. A budget below the key set keeps its strongest.
/// The code also takes those who left out of the caches of earlier layers; answers then differ a little, caches here keep them.
/// </para>
/// <para>Cost: O(H T N + N log N), and the attention of the text in the layer before each stage; of the class token in the tower's last.</para>
/// </remarks>
public sealed record MustDrop : ComposedMethod
{
    /// <summary>A token is weak for the question below this share of its attention to all visual tokens; published 0.001 to 0.011.</summary>
    public double GlobalThreshold { get; init => field = Positive(value, nameof(GlobalThreshold)); } = 0.001;

    /// <summary>A token is weak for every word below this attention; published 0.001 or 0.01.</summary>
    public double IndividualThreshold { get; init => field = Positive(value, nameof(IndividualThreshold)); } = 0.001;

    /// <summary>How many tokens the key set has, by the class token's attention; <see langword="null"/> at stages after the first, which know it from the one before.</summary>
    public TokenBudget? KeySet { get; init; } = TokenBudget.Ratio(0.08, Rounding.Up);

    /// <summary>Whether the thresholds alone decide, and the budget is not looked at.</summary>
    public bool ByThreshold { get; init; }

    /// <summary>The tower's layer whose class token names the key set.</summary>
    public Layer KeyLayer { get; init; } = Layer.Last;

    /// <inheritdoc/>
    public override Composition Parts => Score.TextFilter(GlobalThreshold, IndividualThreshold).Then(Choose.WithKeySet(KeySet, ByThreshold, KeyLayer));

    // Behind layers 2, 6, 10, 14 of 32. What is left at each is not published: halves of halves.
    static Schedule Stages { get; } = new(Of: 32, (3, 1 / 2.0), (7, 1 / 4.0), (11, 1 / 8.0), (15, 1 / 16.0));

    const double MergedShare = 1 / 4.0;
    const int WindowSide = 3;

    /// <summary>All stages at a budget: up to a quarter of the tokens are merged away behind the tower's first block, then half, and half again, leave behind layers 2, 6, 10, 14 of 32, by depth; both in proportion to what is left in the end.</summary>
    /// <param name="keep">How many tokens the last stage leaves.</param>
    /// <param name="model">In which model.</param>
    public static PruningPlan Plan(TokenBudget keep, ModelDimensions model)
    {
        ArgumentNullException.ThrowIfNull(keep);
        ArgumentNullException.ThrowIfNull(model);
        int last = keep.Resolve(model.Tokens), gone = WindowSide * WindowSide - 1;
        int merged = model.Tokens - (int)(MergedShare * (model.Tokens - last)) / gone * gone;
        return Stages.Plan(Step, TokenBudget.CountOrNothing(last), model with { Tokens = merged }, PruningPlan.At(Stage.Vision(1), new MergedWindows(WindowSide, WindowSide), merged));

        static MustDrop Step(int number) => number == 0 ? new() : new() { KeySet = null };
    }

    /// <summary>All stages of the authors' code, where thresholds decide how many leave.</summary>
    /// <param name="model">In which model.</param>
    /// <param name="global">Below which share of its attention a token is weak for the question.</param>
    /// <param name="individual">Below which attention a token is weak for every word.</param>
    /// <param name="merging">From which mean cosine similarity on a window is merged.</param>
    public static PruningPlan ThresholdPlan(ModelDimensions model, double global = 0.001, double individual = 0.001, double merging = 0.8)
    {
        var plan = PruningPlan.At(Stage.Vision(1), new MergedWindows(WindowSide, WindowSide) { Threshold = merging }, TokenBudget.All);
        foreach (var (i, layer) in Stages.Layers(model).Index())
            plan = plan.Then(Stage.Decoder(layer), new MustDrop { GlobalThreshold = global, IndividualThreshold = individual, ByThreshold = true, KeySet = i == 0 ? new MustDrop().KeySet : null }, TokenBudget.All);
        return plan.With(Positions.Renumber);
    }

    static double Positive(double value, string name) => value > 0 ? value : throw new ArgumentOutOfRangeException(name, value, $"A threshold is positive; it was {value}.");
}
