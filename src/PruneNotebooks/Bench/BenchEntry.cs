using System.Globalization;
using PruneNotebooks.Pruners;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Bench;

/// <summary>What <c>keep</c> counts in a benchmark.</summary>
public enum BudgetMeaning
{
    /// <summary>Visual tokens per decoder layer, mean over layers: methods that prune at different depths cost the same.</summary>
    AveragePerLayer,

    /// <summary>Tokens that are left at the method's own stage, or behind its last one.</summary>
    AtStage,
}

/// <summary>A row of a benchmark before it runs: a method with a budget, and the plan that this makes in a model.</summary>
/// <param name="Method">What the method is called.</param>
/// <param name="Keep">The budget; <see langword="null"/> for the model with all of its tokens.</param>
/// <param name="Plan">The plan; <see langword="null"/> if there is none.</param>
/// <param name="Reason">Why there is none, in words.</param>
public sealed record BenchEntry(string Method, TokenBudget? Keep, PruningPlan? Plan, string? Reason = null)
{
    /// <summary>The model with all of its tokens, against which every row is compared.</summary>
    public static BenchEntry Dense { get; } = new("all tokens", null, PruningPlan.None);

    /// <summary>How the number of tokens differs from the budget, in a sentence; <see langword="null"/> for a method that meets it exactly.</summary>
    public string? Counting { get; init; }

    /// <summary>A method with a budget.</summary>
    /// <param name="method">The method.</param>
    /// <param name="keep">How many tokens, or which part of all.</param>
    /// <param name="model">In which model.</param>
    /// <param name="meaning">What the budget counts.</param>
    /// <param name="positions">Which positions the tokens have afterwards; as in the paper if <see langword="null"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The budget counts more tokens than the model has.</exception>
    public static BenchEntry Of(
        PruningMethod method, TokenBudget keep, ModelDimensions model, BudgetMeaning meaning = BudgetMeaning.AveragePerLayer, Positions? positions = Positions.Keep)
    {
        ArgumentNullException.ThrowIfNull(method);
        ArgumentNullException.ThrowIfNull(keep);
        ArgumentNullException.ThrowIfNull(model);
        int average = keep.Resolve(model.Tokens);
        try
        {
            var plan = meaning == BudgetMeaning.AtStage ? method.Plan(keep, model) : method.PlanForAverage(average, model);
            return plan is null
                ? new(method.Slug, keep, null, string.Create(CultureInfo.InvariantCulture, $"not below {method.Plan(1, model).VisualTokens(model.Tokens, model.DecoderLayers).Average:0.0} tokens"))
                : new(method.Slug, keep, plan.With(positions ?? plan.Positions)) { Counting = method.Counting };
        }
        catch (ArgumentException e)
        {
            // A schedule that does not fit the model: the other rows are worth having.
            return new(method.Slug, keep, null, PlanFailure.InWords(e));
        }
    }

    /// <summary>All methods with all budgets, the model with all of its tokens first.</summary>
    /// <inheritdoc cref="Of"/>
    /// <exception cref="ArgumentException">Two methods have one name.</exception>
    public static IReadOnlyList<BenchEntry> All(
        IReadOnlyList<PruningMethod> methods, IReadOnlyList<TokenBudget> keep, ModelDimensions model, BudgetMeaning meaning = BudgetMeaning.AveragePerLayer, Positions? positions = Positions.Keep)
    {
        ArgumentNullException.ThrowIfNull(methods);
        ArgumentNullException.ThrowIfNull(keep);
        if (methods.GroupBy(method => method.Slug, StringComparer.OrdinalIgnoreCase).FirstOrDefault(name => name.Count() > 1) is { } twice)
            throw new ArgumentException($"Two methods are called '{twice.Key}': give each its own name.", nameof(methods));
        return [Dense, .. keep.Distinct().SelectMany(budget => methods.Select(method => Of(method, budget, model, meaning, positions)))];
    }

    /// <summary>Such as "divprune 25 %".</summary>
    public override string ToString() => Keep is null ? Method : $"{Method} {Keep}";
}
