using System.Globalization;
using PruneNotebooks.Models;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Metrics;

/// <summary>Says from measurements where, with which method and how far to prune a model for a kind of question.</summary>
/// <remarks>
/// <para>Where: all visual tokens leave at the layer from which on accuracy without them stays within a point (<see cref="Withdrawal"/>). How far and with
/// which method: of the candidates that cost no more than allowed with that, the one that keeps most of the measured information
/// (<see cref="InformationRecall"/>). No candidate's accuracy is looked at, so this is a prediction, and <see cref="Evaluate"/> tells on other
/// probes what it is worth.</para>
/// </remarks>
public sealed class Advisor
{
    readonly IReadOnlyList<(string Name, PruningPlan Plan)> candidates;
    readonly IReadOnlyList<double[]> information;
    readonly HashSet<RgbImage> seen;
    readonly int tokens, layers;

    Advisor(Vlm model, InformationMap map, EntropyCollapse collapse, AttentionProfile attention, IReadOnlyList<Probe> probes,
        IReadOnlyList<(string Name, PruningPlan Plan)> candidates, IReadOnlyList<double[]> information)
    {
        (Map, Collapse, Attention, this.candidates, this.information) = (map, collapse, attention, candidates, information);
        (tokens, layers) = (model.VisualTokensPerImage, model.Config.Text.Layers);
        seen = [.. probes.Select(probe => probe.Image)];
    }

    /// <summary>The information of visual tokens by layer, and what withdrawal costs.</summary>
    public InformationMap Map { get; }

    /// <summary>Where the entropy of the visual tokens collapses.</summary>
    public EntropyCollapse Collapse { get; }

    /// <summary>Where attention goes.</summary>
    public AttentionProfile Attention { get; }

    /// <summary>The mean information that a candidate's first step keeps for one kind of question, 0 to 1.</summary>
    public double Information(string candidate, string category)
    {
        int index = candidates.ToList().FindIndex(c => c.Name == candidate);
        return index >= 0 ? Mean(index, category) : throw new ArgumentException($"'{candidate}' is no candidate; there are {string.Join(", ", candidates.Select(c => c.Name))}.", nameof(candidate));
    }

    /// <summary>Points every instrument at a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="probes">What to measure on; evaluate on others.</param>
    /// <param name="candidates">Plans to choose from, each with a name; their first step is at the projector or inside the decoder.</param>
    /// <param name="options">How the information horizon is measured; only at the layers at which candidates begin if not given, which must be among them.</param>
    /// <param name="progress">Hears how far the longest measurement is.</param>
    /// <param name="cancellation">Stops.</param>
    /// <exception cref="ArgumentException">There is no probe or no candidate, or a candidate does not fit the model.</exception>
    public static Advisor Study(
        Vlm model, IReadOnlyList<Probe> probes, IReadOnlyList<(string Name, PruningPlan Plan)> candidates, HorizonOptions? options = null,
        IProgress<ProbeProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(probes);
        ArgumentNullException.ThrowIfNull(candidates);
        if (candidates.Count == 0) throw new ArgumentException("There is no candidate to choose from.", nameof(candidates));
        options ??= new() { Layers = [.. candidates.Select(candidate => candidate.Plan.Steps[0].Stage.Layer).Distinct().Order()] };
        var map = InformationHorizon.Measure(model, probes, options, progress, cancellation);
        var collapse = EntropyCollapse.Measure(model, [.. probes.Select(probe => probe.Image).Distinct()], cancellation: cancellation);
        var attention = AttentionProfile.Measure(model, probes, cancellation: cancellation);
        var information = InformationRecall.Measure(model, map, probes, [.. candidates.Select(candidate => candidate.Plan)], cancellation);
        return new(model, map, collapse, attention, probes, candidates, information);
    }

    /// <summary>What to do for a kind of question at a given cost.</summary>
    /// <param name="category">One of the kinds among the probes.</param>
    /// <param name="averageTokens">At most so many visual tokens per decoder layer, mean over layers.</param>
    /// <exception cref="ArgumentException">No probe is of that kind, or no candidate is so cheap; the message says what the cheapest costs.</exception>
    public Advice Advise(string category, double averageTokens)
    {
        var options = Options(category);
        var affordable = options.Where(option => option.Cost <= averageTokens).ToList();
        if (affordable.Count == 0)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"No candidate costs at most {averageTokens} visual tokens per layer; the cheapest costs {options.Min(option => option.Cost):0.#}."), nameof(averageTokens));
        // Of equals the cheaper one, then the one that was named first.
        var best = affordable.OrderByDescending(option => Math.Round(option.Information, 6)).ThenBy(option => option.Cost).First();
        return new(category, best.Name, best.Plan, best.Cost, best.Information, Evidence(category, best, affordable));
    }

    /// <summary>The cheapest choice that still keeps a given part of the information.</summary>
    /// <param name="category">One of the kinds among the probes.</param>
    /// <param name="information">The part, 0 to 1.</param>
    /// <exception cref="ArgumentException">No probe is of that kind, or no candidate keeps so much.</exception>
    public Advice Cheapest(string category, double information = 0.9)
    {
        var options = Options(category).Where(option => option.Information >= information).ToList();
        return options.Count > 0 ? Advise(category, options.Min(option => option.Cost)) : throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
            $"No candidate keeps {100 * information:0.#} % of the information for {category}; the most is {100 * Options(category).Max(option => option.Information):0.#} %."), nameof(information));
    }

    /// <summary>Follows advice on probes that were not studied, beside every candidate that costs no more, with and without withdrawal.</summary>
    /// <param name="model">The model.</param>
    /// <param name="advice">What was advised.</param>
    /// <param name="probes">Other pictures than those studied, with questions of the same kinds.</param>
    /// <param name="progress">Hears how far it is.</param>
    /// <param name="cancellation">Stops.</param>
    /// <returns>By advice.</returns>
    /// <exception cref="ArgumentException">A picture was studied, or no probe is of the kind of an advice.</exception>
    public IReadOnlyList<Regret> Evaluate(
        Vlm model, IReadOnlyList<Advice> advice, IReadOnlyList<Probe> probes, IProgress<ProbeProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(advice);
        ArgumentNullException.ThrowIfNull(probes);
        if (probes.Any(probe => seen.Contains(probe.Image)))
            throw new ArgumentException("Some of these pictures were studied: advice is only worth what it is on others.", nameof(probes));
        List<Regret> regrets = [];
        int done = 0;
        foreach (var one in advice)
        {
            Probe[] asked = [.. probes.Where(probe => probe.Category == one.Category)];
            if (asked.Length == 0) throw new ArgumentException($"No probe is of the kind {one.Category}, for which there is advice.", nameof(probes));
            var pool = Options(one.Category).Select(option => (option.Name, option.Plan)).Concat(candidates).Prepend((one.Name, one.Plan)).DistinctBy(plan => plan.Name)
                .Where(plan => plan.Plan.VisualTokens(tokens, layers).Average <= one.AverageTokens).ToList();
            var measured = ProbeAccuracy.Measure(model, asked, pool, cancellation: cancellation);
            regrets.Add(new(one, measured[0], measured.MaxBy(accuracy => accuracy.All.Value)!, measured.Average(accuracy => accuracy.All.Value)));
            progress?.Report(new(++done, advice.Count));
        }
        return regrets;
    }

    sealed record Option(string Name, PruningPlan Plan, double Cost, double Information);

    List<Option> Options(string category)
    {
        int horizon = Map.Of(category).Withdrawal.Horizon();
        return [.. candidates.Select((candidate, i) =>
        {
            bool withdrawn = horizon < layers && candidate.Plan.Steps[^1].Stage < Stage.Decoder(horizon);
            var plan = withdrawn ? candidate.Plan.ThenWithdraw(Stage.Decoder(horizon)) : candidate.Plan;
            string name = withdrawn ? string.Create(CultureInfo.InvariantCulture, $"{candidate.Name}, withdrawn at layer {horizon}") : candidate.Name;
            return new Option(name, plan, plan.VisualTokens(tokens, layers).Average, Mean(i, category));
        })];
    }

    double Mean(int candidate, string category) => Enumerable.Range(0, Map.Probes.Count).Where(i => Map.Probes[i].Category == category).Average(i => information[candidate][i]);

    List<string> Evidence(string category, Option best, List<Option> affordable)
    {
        var map = Map.Of(category);
        var withdrawal = map.Withdrawal;
        var second = affordable.Where(option => option != best).MaxBy(option => option.Information);
        double lower = Enumerable.Range(0, layers).Average(Attention.LowerHalf);
        List<string> evidence =
        [
            withdrawal.Horizon() < layers
                ? $"Without visual tokens from layer {withdrawal.Horizon()} of {layers} on, accuracy stays within a point of {withdrawal.Full}."
                : $"Accuracy ({withdrawal.Full} with all tokens) falls when visual tokens are withdrawn at any layer: they are needed to the last.",
            string.Create(CultureInfo.InvariantCulture, $"It keeps {100 * best.Information:0} % of the information of {map.Probes.Count} probes; as many random tokens keep {100 * best.Plan.Steps[0].Budget.Resolve(tokens) / (double)tokens:0} %.")
                + (second is null ? "" : string.Create(CultureInfo.InvariantCulture, $" The next best at this cost, {second.Name}, keeps {100 * second.Information:0} %.")),
        ];
        if (Map.Layers.Count > 1)
            evidence.Add(map.Horizon() is { } silent
                ? $"By the information rule, no window tells anything more from layer {silent} on."
                : $"By the information rule, windows still tell something in layer {Map.Layers[^1]}, the last that was measured.");
        evidence.Add(Collapse.Persists
            ? $"Inside the decoder, {Collapse}: from there on tokens are alike."
            : "The entropy of the visual tokens has no drop that lasts: it names no layer of the decoder to prune at.");
        evidence.Add(string.Create(CultureInfo.InvariantCulture, $"The lower half of the picture gets {100 * lower:0} % of its attention, mean over layers: scores by attention {(Math.Abs(lower - 0.5) > 0.1 ? "lean, and should be debiased" : "hardly lean")}."));
        return evidence;
    }
}
