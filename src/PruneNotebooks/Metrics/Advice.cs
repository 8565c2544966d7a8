using System.Globalization;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Metrics;

/// <summary>What an <see cref="Advisor"/> would do, and why.</summary>
/// <param name="Category">For which kind of question.</param>
/// <param name="Name">The method and how much it keeps.</param>
/// <param name="Plan">Which tokens leave where.</param>
/// <param name="AverageTokens">Visual tokens per decoder layer, mean over layers: what the plan costs.</param>
/// <param name="Information">How much of the measured information the plan's first step keeps, 0 to 1.</param>
/// <param name="Evidence">The measurements that speak for it, a sentence each.</param>
public sealed record Advice(string Category, string Name, PruningPlan Plan, double AverageTokens, double Information, IReadOnlyList<string> Evidence)
{
    /// <summary>Such as "Colour: DivPrune 25 %, withdrawn at layer 7 (25.2 tokens per layer)".</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Category}: {Name} ({AverageTokens:0.#} tokens per layer)");
}

/// <summary>What following an advice costs, on probes that the advisor has not seen.</summary>
/// <param name="Advice">The advice.</param>
/// <param name="Followed">Accuracy when it is followed, on probes of its kind.</param>
/// <param name="Best">The plan that turns out best among all that cost no more.</param>
/// <param name="Middle">Mean accuracy of those plans: what choosing blindly gives.</param>
public sealed record Regret(Advice Advice, ProbeAccuracy Followed, ProbeAccuracy Best, double Middle)
{
    /// <summary>Accuracy lost against the best choice in hindsight, 0 or more; the interval is over pictures. Best on these very probes, so it errs on the high side.</summary>
    public PairedDifference Lost => Best.Since(Followed);

    /// <summary>Accuracy gained against choosing blindly, -1 to 1.</summary>
    public double Gained => Followed.All.Value - Middle;

    /// <summary>Such as "Colour: DivPrune 25 % has 98.0 %, the best 99.0 % (random 50 %), blind choice 80.1 %".</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Advice.Category}: {Advice.Name} has {100 * Followed.All.Value:0.0} %, the best {100 * Best.All.Value:0.0} % ({Best.Name}), blind choice {100 * Middle:0.0} %");
}
