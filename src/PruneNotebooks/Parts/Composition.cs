using PruneNotebooks.Primitives;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Parts;

/// <summary>A method put together from its parts: score, choice and, if tokens are merged or brought back, repair.</summary>
/// <param name="Score">A number for each token.</param>
/// <param name="Choice">Which tokens stay.</param>
/// <param name="Repair">What is done about the others; nothing if <see langword="null"/>.</param>
public sealed record Composition(Score Score, Choice Choice, Repair? Repair = null) : ITokenPruner
{
    /// <summary>What to call it in tables; its parts if not given.</summary>
    public string? Name { get; init; }

    /// <inheritdoc/>
    public Signals Needs => Score.Needs.And(Choice.Needs).And(Repair?.Needs ?? Signals.None);

    /// <summary>The same method with a repair.</summary>
    public Composition Then(Repair repair) => this with { Repair = repair };

    /// <summary>The same method under a name.</summary>
    public Composition Named(string name) => this with { Name = name };

    /// <inheritdoc/>
    public TokenSelection Select(PruningContext context, TokenBudget budget)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(budget);
        int keep = budget.Resolve(context.Tokens);
        if (keep == 0) return new TokenSelection([], context.Tokens);
        using var scope = NewDisposeScope();
        var ranking = Ranking.Of(Score.Of(context));
        if (Repair is null) return Kept(Choice.Pick(context, ranking, keep));
        int own = Math.Clamp(Repair.Reserve(keep, context.Tokens), 0, keep);
        var chosen = own == keep ? new Chosen([]) : Choice.Pick(context, ranking, keep - own);
        return Repair.Apply(context, ranking, chosen, keep);

        TokenSelection Kept(Chosen chosen) => new(chosen.Order, context.Tokens, chosen.Painted(ranking));
    }

    /// <summary>The parts, as a researcher would say them.</summary>
    public string Parts => Repair is null ? $"{Score} -> {Choice}" : $"{Score} -> {Choice} -> {Repair}";

    /// <inheritdoc/>
    public override string ToString() => Name ?? Parts;
}

/// <summary>A published method that is a composition with options: its file says of which parts.</summary>
public abstract record ComposedMethod : ITokenPruner
{
    /// <summary>The parts, for the options that are set.</summary>
    public abstract Composition Parts { get; }

    /// <inheritdoc/>
    public Signals Needs => Parts.Needs;

    /// <inheritdoc/>
    public virtual TokenSelection Select(PruningContext context, TokenBudget budget) => Parts.Select(context, budget);

    /// <inheritdoc/>
    public sealed override string ToString() => GetType().Name;
}
