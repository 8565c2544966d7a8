using System.Globalization;

namespace PruneNotebooks.Tokens;

/// <summary>One step of a plan: at a stage, a pruner decides, within a budget.</summary>
/// <param name="Stage">Where.</param>
/// <param name="Pruner">Who decides.</param>
/// <param name="Budget">How many tokens of each image stay.</param>
public sealed record PruningStep(Stage Stage, ITokenPruner Pruner, TokenBudget Budget)
{
    /// <summary>Whether tokens that have left come back here, instead of more of them leaving.</summary>
    internal bool Returns => Pruner is PruningPlan.EveryToken;

    /// <summary>How many visual tokens of an image there are behind this step.</summary>
    /// <param name="living">How many arrive.</param>
    /// <param name="all">How many the image had before any step.</param>
    public int Left(int living, int all) => Returns ? all : living == 0 ? 0 : Budget.Resolve(living);

    /// <summary>Whether it looks at the text of the prompt, so that its choice is not the same for every question.</summary>
    internal bool LooksAtText => Pruner.Needs.Any(signal => signal is Signal.TextFeatures or Signal.TextEmbeddings or Signal.PairedText or Signal.KeywordFeatures);
}

/// <summary>Where which pruner keeps how many tokens, and what becomes of the positions. Immutable; plans compose.</summary>
/// <example><code>PruningPlan.At(Stage.Projector, new DivPrune(), keep: 0.5).Then(Stage.Decoder(6), new RandomTokens(), keep: 0.25)</code></example>
public sealed record PruningPlan
{
    PruningPlan(IReadOnlyList<PruningStep> steps) => Steps = steps;

    /// <summary>No token leaves.</summary>
    public static PruningPlan None { get; } = new([]);

    /// <summary>The steps in the order in which tokens meet them.</summary>
    public IReadOnlyList<PruningStep> Steps { get; }

    /// <summary>Which position ids the remaining tokens have. Papers that prune before the decoder renumber; keeping is the safer default.</summary>
    public Positions Positions { get; init; } = Positions.Keep;

    // Plans that say no share one look at the pictures.
    internal bool PrunesInTower => Steps.Any(step => step.Stage.Where is Stage.Part.Vision or Stage.Part.Picture);

    /// <summary>The token grid of the picture as this plan shows it to the tower: smaller if a step at <see cref="Stage.Picture"/> says so.</summary>
    /// <param name="whole">The token grid of the picture as it is.</param>
    /// <exception cref="ArgumentException">A step at the picture prunes tokens, which do not exist yet.</exception>
    public TokenGrid PictureGrid(TokenGrid whole) => Steps.FirstOrDefault(step => step.Stage == Stage.Picture) is not { } step ? whole
        : step.Pruner is IPictureScaling scaling ? scaling.Grid(whole, step.Budget)
        : throw new ArgumentException($"{step.Pruner} chooses among tokens, but at Stage.Picture there is only a picture: use it at Stage.Projector.");

    /// <summary>A plan of one step.</summary>
    public static PruningPlan At(Stage stage, ITokenPruner pruner, TokenBudget keep) => None.Then(stage, pruner, keep);

    /// <summary>This plan and one more step. The budget of a later step counts what arrives there, so <c>keep: 0.25</c> is a quarter of what is left.</summary>
    /// <exception cref="ArgumentException">The step does not come after the last one.</exception>
    public PruningPlan Then(Stage stage, ITokenPruner pruner, TokenBudget keep)
    {
        ArgumentNullException.ThrowIfNull(pruner);
        ArgumentNullException.ThrowIfNull(keep);
        if (Steps.Count > 0 && stage <= Steps[^1].Stage)
            throw new ArgumentException($"Tokens meet {stage} before {Steps[^1].Stage}, or at the same place: give steps in the order of the stages, one per stage.", nameof(stage));
        return new PruningPlan([.. Steps, new PruningStep(stage, pruner, keep)]) { Positions = Positions };
    }

    /// <summary>This plan, and no visual token left from a stage on (VTW, arXiv 2405.05803).</summary>
    /// <exception cref="ArgumentException">The stage does not come after the last step.</exception>
    public PruningPlan ThenWithdraw(Stage stage) => Then(stage, new NoToken(), TokenBudget.Nothing);

    /// <summary>This plan, and every visual token that has left behind the projector back from a stage on: with its projected features, as if it had skipped the layers before (late injection, arXiv 2602.23699; scattering, arXiv 2504.10854).</summary>
    /// <exception cref="ArgumentException">The stage is not in the decoder, or does not come after the last step.</exception>
    public PruningPlan ThenReturn(Stage stage) => stage.Where == Stage.Part.Decoder
        ? Then(stage, new EveryToken(), TokenBudget.All)
        : throw new ArgumentException($"Tokens can come back at a decoder layer, not at the {stage}.", nameof(stage));

    /// <summary>The same steps with another choice of positions.</summary>
    public PruningPlan With(Positions positions) => this with { Positions = positions };

    /// <summary>How many visual tokens each decoder layer sees, and their mean: what some papers call "128 tokens".</summary>
    /// <param name="tokens">Visual tokens of the image before any step.</param>
    /// <param name="layers">Decoder layers.</param>
    public (IReadOnlyList<int> ByLayer, double Average) VisualTokens(int tokens, int layers)
    {
        int[] byLayer = new int[layers];
        int living = tokens, entering = tokens, step = 0;
        for (int layer = 0; layer < layers; layer++)
        {
            for (; step < Steps.Count && Steps[step].Stage <= Stage.Decoder(layer); step++) 
            {
                if (Steps[step].Stage.Where == Stage.Part.Decoder && (step == 0 || Steps[step - 1].Stage.Where != Stage.Part.Decoder)) entering = living;
                living = Steps[step].Left(living, entering);
            }
            byLayer[layer] = living;
        }
        return (byLayer, byLayer.Average());
    }

    /// <summary>Solves for the budgets that give an average number of visual tokens over the decoder layers.</summary>
    /// <remarks>With several stages every step keeps the same fraction of what arrives (PyramidDrop's schedule); counts are rounded at the end, so the average is met up to rounding.</remarks>
    /// <param name="average">The wanted mean number of visual tokens per decoder layer.</param>
    /// <param name="tokens">Visual tokens of the image before any step.</param>
    /// <param name="layers">Decoder layers.</param>
    /// <param name="stages">Where which pruner decides, in order.</param>
    /// <exception cref="ArgumentException">These stages cannot give that average; the message says which averages they can give.</exception>
    public static PruningPlan ForAverage(double average, int tokens, int layers, params (Stage Stage, ITokenPruner Pruner)[] stages)
    {
        ArgumentNullException.ThrowIfNull(stages);
        if (stages.Length == 0) throw new ArgumentException("An average needs at least one stage at which tokens leave.", nameof(stages));
        foreach (var (stage, _) in stages)
            if (stage.Where == Stage.Part.Decoder && stage.Layer >= layers)
                throw new ArgumentException($"There is no {stage} among {layers} decoder layers.", nameof(stages));
        double least = Mean(Counts(0)), most = tokens;
        if (!(average >= least && average <= most))
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                $"An average of {average} visual tokens over {layers} layers is unreachable with stages at {string.Join(", ", stages.Select(s => s.Stage))}: ")
                + string.Create(CultureInfo.InvariantCulture, $"keeping one token from the last of them on still averages {least:0.##}, and keeping all averages {most}. Prune earlier or ask for more."), nameof(average));
        double low = 0, high = 1;
        for (int i = 0; i < 60; i++)
        {
            double ratio = (low + high) / 2;
            if (ExactMean(ratio) < average) low = ratio; else high = ratio;
        }
        int[] counts = Counts(high);
        var plan = None;
        for (int i = 0; i < stages.Length; i++) plan = plan.Then(stages[i].Stage, stages[i].Pruner, TokenBudget.Count(counts[i]));
        return plan;

        double ExactMean(double ratio) => Mean([.. Enumerable.Range(1, stages.Length).Select(i => tokens * Math.Pow(ratio, i))]);
        int[] Counts(double ratio) => [.. Enumerable.Range(1, stages.Length).Select(i => Math.Max(1, (int)Math.Round(tokens * Math.Pow(ratio, i))))];
        double Mean<T>(T[] counts) where T : IConvertible
        {
            double sum = 0;
            for (int layer = 0; layer < layers; layer++)
            {
                int passed = stages.Count(s => s.Stage <= Stage.Decoder(layer));
                sum += passed == 0 ? tokens : counts[passed - 1].ToDouble(CultureInfo.InvariantCulture);
            }
            return sum / layers;
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Steps.Count == 0
        ? "no pruning"
        : string.Join(", then ", Steps.Select(s => $"{s.Pruner} keeps {s.Budget} at {s.Stage}")) + (Positions == Positions.Renumber ? " (renumbered)" : "");

    /// <summary>Stands where tokens come back.</summary>
    internal sealed record EveryToken : ITokenPruner
    {
        public Signals Needs => Signals.None;

        public TokenSelection Select(PruningContext context, TokenBudget budget) => TokenSelection.All(context.Tokens);

        public override string ToString() => "return of all tokens";
    }

    /// <summary>Stands where nothing is left to decide.</summary>
    sealed record NoToken : ITokenPruner
    {
        public Signals Needs => Signals.None;

        public TokenSelection Select(PruningContext context, TokenBudget budget) => new([], context.Tokens);

        public override string ToString() => "withdrawal";
    }
}
