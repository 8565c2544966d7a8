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

    /// <summary>The plan of the paper: the method at its stage, with its positions.</summary>
    /// <param name="keep">How many tokens stay.</param>
    public PruningPlan Plan(TokenBudget keep) => PruningPlan.At(Stage, Create(), keep).With(Positions);

    /// <inheritdoc/>
    public override string ToString() => ArXiv is null ? $"{Slug}: {Name}" : $"{Slug}: {Name} (arXiv {ArXiv}{(Venue is null ? "" : $", {Venue}")})";
}
