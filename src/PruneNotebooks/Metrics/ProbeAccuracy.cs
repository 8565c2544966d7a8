using PruneNotebooks.Models;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Metrics;

/// <summary>Which probes a model answers rightly under a plan.</summary>
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

    /// <summary>The 95 % interval of the share of right answers to probes of one kind, or all, from picture to picture: questions about one picture go right or wrong together.</summary>
    /// <param name="category">The kind; all if not given.</param>
    /// <param name="seed">Makes it repeatable.</param>
    /// <exception cref="ArgumentException">No probe is of the kind.</exception>
    public Interval Interval(string? category = null, int seed = 0)
    {
        var pictures = Asked(category).GroupBy(i => Pictures[i]).ToList();
        return Bootstrap.Ratio([.. pictures.Select(picture => (double)picture.Count(i => Right[i]))], [.. pictures.Select(picture => (double)picture.Count())], seed);
    }

    /// <summary>The same on some of the probes only.</summary>
    /// <param name="which">By probe: whether it stays.</param>
    /// <remarks><see cref="AverageTokens"/> remains that of all probes.</remarks>
    /// <exception cref="ArgumentException">There is not one value for each probe.</exception>
    public ProbeAccuracy Only(IReadOnlyList<bool> which)
    {
        ArgumentNullException.ThrowIfNull(which);
        if (which.Count != Right.Count) throw new ArgumentException($"There are {Right.Count} probes, but {which.Count} values that say which of them stay.", nameof(which));
        int[] stay = [.. Enumerable.Range(0, which.Count).Where(i => which[i])];
        return this with { Right = [.. stay.Select(i => Right[i])], Pictures = [.. stay.Select(i => Pictures[i])], Categories = [.. stay.Select(i => Categories[i])] };
    }

    /// <summary>How much more or less is right than under another plan, on the same probes of one kind, or all; the interval is over pictures.</summary>
    /// <exception cref="ArgumentException">The other plan was measured on other probes, or no probe is of the kind.</exception>
    public PairedDifference Since(ProbeAccuracy baseline, string? category = null, int seed = 0)
    {
        ArgumentNullException.ThrowIfNull(baseline);
        if (!Pictures.SequenceEqual(baseline.Pictures) || !Categories.SequenceEqual(baseline.Categories))
            throw new ArgumentException("The two plans were measured on different probes: measure both in one call.", nameof(baseline));
        int[] asked = [.. Asked(category)];
        return PairedDifference.OfGroups(
            [.. asked.Select(i => baseline.Right[i])], [.. asked.Select(i => Right[i])], [.. asked.Select(i => (ulong)Pictures[i])], seed);
    }

    IEnumerable<int> Asked(string? category) => Enumerable.Range(0, Right.Count).Where(i => category is null || Categories[i] == category);

    /// <summary>Counts the right ones among answers.</summary>
    /// <param name="name">What the plan is called.</param>
    /// <param name="plan">Which tokens left where.</param>
    /// <param name="probes">The probes.</param>
    /// <param name="answers">What the model answered to each.</param>
    /// <param name="forms">By kind of question: when an answer is right; <see cref="AnswerForm.Exact"/> if not given.</param>
    /// <exception cref="ArgumentException">There is not one answer for each probe.</exception>
    public static ProbeAccuracy Of(
        string name, PruningPlan plan, IReadOnlyList<Probe> probes, IReadOnlyList<ProbeAnswer> answers, IReadOnlyDictionary<string, AnswerForm>? forms = null)
    {
        ArgumentNullException.ThrowIfNull(probes);
        ArgumentNullException.ThrowIfNull(answers);
        if (answers.Count != probes.Count) throw new ArgumentException($"There are {probes.Count} probes, but {answers.Count} answers.", nameof(answers));
        return new(name, plan, [.. probes.Zip(answers, (probe, answer) => (forms?[probe.Category] ?? AnswerForm.Exact).IsRight(answer.Text, probe.Answer))],
            Probe.Pictures(probes), [.. probes.Select(probe => probe.Category)], answers.Average(answer => answer.Tokens));
    }

    /// <summary>Asks all probes under several plans, which look at each picture together. An answer is right if it is the expected one, word for word and to its end.</summary>
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
        List<ProbeAnswer>[] answers = [.. plans.Select(_ => new List<ProbeAnswer>())];
        int done = 0;
        foreach (var some in encoded.Chunk(batch))
        {
            cancellation.ThrowIfCancellationRequested();
            // An answer that is longer than the right one is wrong.
            var given = ProbeAnswer.Ask(model, [.. some.Select(probe => probe.Probe)], all, new() { MaxTokens = some.Max(probe => probe.Answer.Count) }, cancellation);
            foreach (var (list, more) in answers.Zip(given)) list.AddRange(more);
            progress?.Report(new(done += some.Length, probes.Count));
        }
        return [.. plans.Zip(answers, (plan, list) => Of(plan.Name, plan.Plan, probes, list))];
    }

    /// <summary>Such as "DivPrune 25 %: 78.9 % [75.2, 82.3] of 496".</summary>
    public override string ToString() => $"{Name}: {All}";
}
