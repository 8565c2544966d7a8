using PruneNotebooks.Models;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Metrics;

/// <summary>Which probes a model answers rightly under a plan: the whole answer, word for word and to its end.</summary>
/// <param name="Name">What the plan is called.</param>
/// <param name="Plan">Which tokens left where.</param>
/// <param name="Right">By probe.</param>
/// <param name="Pictures">By probe: the number of its picture, from 0.</param>
/// <param name="Categories">By probe: what kind of question it is.</param>
/// <param name="AverageTokens">Visual tokens per decoder layer, mean over layers and probes: what the plan costs.</param>
public sealed record ProbeAccuracy(
    string Name, PruningPlan Plan, IReadOnlyList<bool> Right, IReadOnlyList<int> Pictures, IReadOnlyList<string> Categories, double AverageTokens)
{
    /// <summary>Right answers to all probes.</summary>
    public Proportion All => Proportion.Of(Right);

    /// <summary>Right answers to probes of one kind.</summary>
    public Proportion Of(string category) => Proportion.Of(Right.Where((_, i) => Categories[i] == category));

    /// <summary>How much more or less is right than under another plan, on the same probes of one kind, or all; the interval is over pictures.</summary>
    /// <exception cref="ArgumentException">The other plan was measured on other probes, or no probe is of the kind.</exception>
    public PairedDifference Since(ProbeAccuracy baseline, string? category = null, int seed = 0)
    {
        ArgumentNullException.ThrowIfNull(baseline);
        if (!Pictures.SequenceEqual(baseline.Pictures) || !Categories.SequenceEqual(baseline.Categories))
            throw new ArgumentException("The two plans were measured on different probes: measure both in one call.", nameof(baseline));
        int[] asked = [.. Enumerable.Range(0, Right.Count).Where(i => category is null || Categories[i] == category)];
        return PairedDifference.OfGroups(
            [.. asked.Select(i => baseline.Right[i])], [.. asked.Select(i => Right[i])], [.. asked.Select(i => (ulong)Pictures[i])], seed);
    }

    /// <summary>Asks all probes under several plans, which look at each picture together.</summary>
    /// <param name="model">The model.</param>
    /// <param name="probes">Pictures, questions, right answers.</param>
    /// <param name="plans">The plans, each with a name.</param>
    /// <param name="batch">Probes that are answered together.</param>
    /// <param name="progress">Hears after every batch how far it is.</param>
    /// <param name="cancellation">Stops between two batches or answer tokens.</param>
    /// <returns>By plan.</returns>
    /// <exception cref="ArgumentException">There is no probe, an answer is empty, or a plan does not fit the model.</exception>
    public static IReadOnlyList<ProbeAccuracy> Measure(
        Vlm model, IReadOnlyList<Probe> probes, IReadOnlyList<(string Name, PruningPlan Plan)> plans, int batch = 64,
        IProgress<ProbeProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(probes);
        ArgumentNullException.ThrowIfNull(plans);
        ArgumentOutOfRangeException.ThrowIfLessThan(batch, 1);
        EncodedProbe[] encoded = EncodedProbe.All(model, probes, answers: true);
        PruningPlan[] all = [.. plans.Select(plan => plan.Plan)];
        List<bool>[] right = [.. plans.Select(_ => new List<bool>())];
        double[] tokens = new double[plans.Count];
        foreach (var some in encoded.Chunk(batch))
        {
            cancellation.ThrowIfCancellationRequested();
            // An answer that is longer than the right one is wrong.
            var given = model.Answer([.. some.Select(probe => model.Ask(probe.Probe.Question, probe.Probe.Image))], all,
                new() { MaxTokens = some.Max(probe => probe.Answer.Count) }, cancellation);
            for (int p = 0; p < plans.Count; p++)
            {
                right[p].AddRange(some.Zip(given[p], (probe, answer) => answer.Tokens.Take(probe.Answer.Count).SequenceEqual(probe.Answer)));
                tokens[p] += given[p].Sum(answer => answer.Trace.VisualTokens.Average());
            }
            progress?.Report(new(right[0].Count, probes.Count));
        }
        int[] pictures = [.. encoded.Select(probe => probe.Picture)];
        string[] categories = [.. probes.Select(probe => probe.Category)];
        return [.. plans.Select((plan, p) => new ProbeAccuracy(plan.Name, plan.Plan, right[p], pictures, categories, tokens[p] / probes.Count))];
    }

    /// <summary>Such as "DivPrune 25 %: 78.9 % [75.2, 82.3] of 496".</summary>
    public override string ToString() => $"{Name}: {All}";
}
