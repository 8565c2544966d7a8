using PruneNotebooks.Parts;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Pruners;

/// <summary>What a method goes by.</summary>
public enum MethodFamily
{
    /// <summary>What every table carries for comparison.</summary>
    Control,

    /// <summary>Tokens that are attended to.</summary>
    Attention,

    /// <summary>Tokens that differ from each other.</summary>
    Diversity,

    /// <summary>Tokens that carry much information by themselves.</summary>
    Information,

    /// <summary>Tokens that are attended to and differ from each other.</summary>
    Balance,

    /// <summary>Tokens through which information flows, or that change on their way.</summary>
    Flow,

    /// <summary>Tokens to which the model responds.</summary>
    Sensitivity,

    /// <summary>Tokens that the question speaks of.</summary>
    Relevance,

    /// <summary>Tokens that are merged rather than dropped.</summary>
    Merging,

    /// <summary>Tokens of large pictures, tiles, several pictures or views, and interfaces.</summary>
    Layout,
}

/// <summary>A row of the catalogue: a method of the literature and where to find it.</summary>
public sealed record PruningMethod
{
    /// <summary>The short name by which commands and files call it.</summary>
    public required string Slug { get; init; }

    /// <summary>The name that its authors gave it.</summary>
    public required string Name { get; init; }

    /// <summary>Title of the paper; <see langword="null"/> for a control.</summary>
    public string? Paper { get; init; }

    /// <summary>arXiv id of the paper, as in <c>2503.02175</c>.</summary>
    public string? ArXiv { get; init; }

    /// <summary>Where the paper appeared; <see langword="null"/> while it is a preprint.</summary>
    public string? Venue { get; init; }

    /// <summary>What it goes by.</summary>
    public required MethodFamily Family { get; init; }

    /// <summary>The stage at which the paper uses it.</summary>
    public required Stage Stage { get; init; }

    /// <summary>Which positions the tokens have afterwards in the authors' code.</summary>
    public required Positions Positions { get; init; }

    /// <summary>The parts that it is made of.</summary>
    public required IReadOnlyList<Type> Primitives { get; init; }

    /// <summary>Makes the method with the paper's defaults; change options with <c>with</c>.</summary>
    public required Func<ITokenPruner> Create { get; init; }

    /// <summary>What it looks at with the paper's defaults.</summary>
    public Signals Needs => Create().Needs;

    /// <summary>Of which parts and primitives it is made, as <c>prune methods</c> says it.</summary>
    public string Parts => Create() is ComposedMethod composed ? composed.Parts.Parts : Primitives.Count > 0 ? string.Join(", ", Primitives.Select(type => type.Name)) : Create().GetType().Name;

    /// <summary>How the number of tokens differs from the budget, in a sentence; <see langword="null"/> for a method that meets every budget from 1 to N exactly.</summary>
    public string? Counting { get; init; }

    /// <summary>The plan for methods of several stages, from how many tokens are left in the end and the model's dimensions; <see langword="null"/> for one stage.</summary>
    public Func<TokenBudget, ModelDimensions, PruningPlan>? Stages { get; init; }

    /// <summary>The plan of the paper: the method at its stage or stages, with its positions.</summary>
    /// <param name="keep">How many tokens stay; with several stages, how many are left behind the last.</param>
    /// <param name="model">For which model; LLaVA-1.5-7B if not given.</param>
    public PruningPlan Plan(TokenBudget keep, ModelDimensions? model = null) =>
        (Stages?.Invoke(keep, model ?? ModelDimensions.Llava15) ?? PruningPlan.At(Stage, Create(), keep)).With(Positions);

    /// <summary>The plan whose decoder layers see a given number of visual tokens on average: what it takes to compare methods at equal cost.</summary>
    /// <param name="average">The wanted mean number of visual tokens per decoder layer.</param>
    /// <param name="model">For which model.</param>
    /// <returns>The plan nearest to it from below; <see langword="null"/> if the method cannot go so low, because its first layers see all tokens.</returns>
    public PruningPlan? PlanForAverage(double average, ModelDimensions model)
    {
        ArgumentNullException.ThrowIfNull(model);
        PruningPlan? best = null;
        for (int low = 1, high = model.Tokens; low <= high;)
        {
            int keep = (low + high) / 2;
            var plan = Plan(keep, model);
            if (plan.VisualTokens(model.Tokens, model.DecoderLayers).Average <= average) (best, low) = (plan, keep + 1);
            else high = keep - 1;
        }
        return best;
    }

    /// <inheritdoc/>
    public override string ToString() => ArXiv is null ? $"{Slug}: {Name}" : $"{Slug}: {Name} (arXiv {ArXiv}{(Venue is null ? "" : $", {Venue}")})";
}
