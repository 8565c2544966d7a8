using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using PruneNotebooks.Metrics;
using PruneNotebooks.Models;
using PruneNotebooks.Pruners;
using PruneNotebooks.Runtime;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Bench;

/// <summary>Methods side by side: what a model answers to the same probes with all and with some of its visual tokens.</summary>
/// <remarks>
/// All plans look at each picture together, the model with all of its tokens first among them. A plan that fails says why in its row, and the others go on. Answers are written into a
/// journal batch by batch; an answer that other code or options gave is not taken for the same.
/// </remarks>
/// <example><code>Benchmark.Run(model, Scenes.HeldOut(20).Probes(), [MethodCatalogue.Find("hiprune"), MethodCatalogue.Find("divprune")], keep: [0.5, 0.25])</code></example>
public sealed class Benchmark
{
    readonly Vlm model;
    readonly IReadOnlyList<Probe> probes;
    readonly BenchOptions options;
    readonly AnswerBook book;
    readonly string[] questions;                                             // by probe: a name for picture and question
    readonly IReadOnlyList<(string Key, PruningPlan Plan)> plans;
    readonly ConcurrentDictionary<string, string> failures = [];             // by plan: why

    Benchmark(Vlm model, IReadOnlyList<Probe> probes, IEnumerable<BenchEntry> entries, BenchOptions options, AnswerBook book)
    {
        (this.model, this.probes, this.options, this.book, questions) = (model, probes, options, book, [.. Names(probes)]);
        plans = [.. entries.Where(entry => entry.Plan is not null).Select(entry => (Key: PlanKey.Of(entry.Plan!), entry.Plan!)).DistinctBy(plan => plan.Key)];
    }

    /// <summary>Runs methods with budgets.</summary>
    /// <param name="model">The model.</param>
    /// <param name="probes">What is asked, and the right answers.</param>
    /// <param name="methods">The methods, of the catalogue or your own.</param>
    /// <param name="keep">The budgets: visual tokens per decoder layer, mean over layers; for another meaning make the rows with <see cref="BenchEntry.All"/>.</param>
    /// <param name="options">How it runs.</param>
    /// <param name="progress">Hears how many answers there are, of how many.</param>
    /// <param name="cancellation">Stops between two batches or answer tokens; what is in the journal stays.</param>
    /// <exception cref="ArgumentException">There is no probe, two methods have one name, or the model cannot answer with all of its tokens.</exception>
    /// <exception cref="InvalidDataException">The journal is one of other work.</exception>
    public static BenchResult Run(
        Vlm model, IReadOnlyList<Probe> probes, IReadOnlyList<PruningMethod> methods, IReadOnlyList<TokenBudget> keep, BenchOptions? options = null,
        IProgress<ProbeProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Run(model, probes, BenchEntry.All(methods, keep, model.Dimensions), options, progress, cancellation);
    }

    /// <summary>Runs rows that were made before, such as plans of your own; the model with all of its tokens comes first, whether or not it is among them.</summary>
    /// <param name="model">The model.</param>
    /// <param name="probes">What is asked, and the right answers.</param>
    /// <param name="entries">The rows.</param>
    /// <param name="options">How it runs.</param>
    /// <param name="progress">Hears how many answers there are, of how many.</param>
    /// <param name="cancellation">Stops between two batches or answer tokens; what is in the journal stays.</param>
    /// <exception cref="ArgumentException">There is no probe, or the model cannot answer with all of its tokens.</exception>
    /// <exception cref="InvalidDataException">The journal is one of other work.</exception>
    public static BenchResult Run(
        Vlm model, IReadOnlyList<Probe> probes, IReadOnlyList<BenchEntry> entries, BenchOptions? options = null, IProgress<ProbeProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(probes);
        ArgumentNullException.ThrowIfNull(entries);
        if (probes.Count == 0) throw new ArgumentException("There is no probe: give at least one picture with a question and its answer.", nameof(probes));
        options ??= new();
        BenchEntry[] rows = [BenchEntry.Dense, .. entries.Where(entry => entry != BenchEntry.Dense)];
        using var book = new AnswerBook(options.Journal, WorkOf(model, options));
        var run = new Benchmark(model, probes, rows, options, book);
        run.AnswerAll(progress, cancellation);
        return new(Path.GetFileName(model.Folder), probes, AnswerForms.ByCategory(probes), [.. rows.Select(run.Row)]);
    }

    /// <summary>What makes answers comparable besides plan and probe.</summary>
    internal static string WorkOf(Vlm model, BenchOptions options) =>
        $"answers of {Path.GetFileName(model.Folder)} in {model.Compute.Type}, at most {options.MaxTokens} tokens, library {PlanKey.Build(typeof(Benchmark))}";

    BenchRow Row(BenchEntry entry)
    {
        if (entry.Plan is null) return new(entry, null, entry.Reason ?? "there is no plan");
        string key = PlanKey.Of(entry.Plan);
        return failures.TryGetValue(key, out string? reason) ? new(entry, null, reason) : new(entry, [.. questions.Select(question => book[key, question])], null);
    }

    void AnswerAll(IProgress<ProbeProgress>? progress, CancellationToken cancellation)
    {
        int[] different = [.. Enumerable.Range(0, probes.Count).DistinctBy(i => questions[i])];
        var done = plans.ToDictionary(plan => plan.Key, plan => different.Count(i => book.Has(plan.Key, questions[i])));
        Report([]);
        if (done.Values.All(count => count == different.Length)) return;
        // What cannot be read at all fails here and at once; and what the model makes when it is first used is made before several threads use it.
        ProbeAnswer.Ask(model, [probes[0]], [PruningPlan.None], new() { MaxTokens = 1 }, cancellation);
        TorchWorkers.ForEach([.. different.Chunk(options.BatchFor(model, different.Length, plans.Count))], options.WorkersFor(model), batch => AnswerBatch(batch, Report, cancellation));

        void Report(IEnumerable<string> answered)
        {
            lock (done)
            {
                foreach (string plan in answered) done[plan]++;
                var going = done.Where(plan => !failures.ContainsKey(plan.Key)).ToList();
                progress?.Report(new(going.Sum(plan => plan.Value), going.Count * different.Length));
            }
        }
    }

    void AnswerBatch(int[] batch, Action<IEnumerable<string>> report, CancellationToken cancellation)
    {
        // Plans that lack the same answers - most often all of them - look at the pictures together.
        var lacking = plans.Where(plan => !failures.ContainsKey(plan.Key)).Select(plan => (Plan: plan, Probes: batch.Where(i => !book.Has(plan.Key, questions[i])).ToArray()))
            .Where(lack => lack.Probes.Length > 0).GroupBy(lack => string.Join(',', lack.Probes)).ToList();
        foreach (var alike in lacking)
        {
            cancellation.ThrowIfCancellationRequested();
            int[] asked = alike.First().Probes;
            var given = Ask([.. alike.Select(lack => lack.Plan)], [.. asked.Select(i => probes[i])], cancellation)
                .SelectMany(plan => asked.Zip(plan.Answers, (i, answer) => (plan.Key, questions[i], answer))).ToList();
            book.Add(given);
            report(given.Select(answer => answer.Key));
        }
    }

    // All plans together; if that fails, each by itself, to find the one that does.
    IEnumerable<(string Key, IReadOnlyList<ProbeAnswer> Answers)> Ask(IReadOnlyList<(string Key, PruningPlan Plan)> asked, IReadOnlyList<Probe> some, CancellationToken cancellation)
    {
        try
        {
            var given = ProbeAnswer.Ask(model, some, [.. asked.Select(plan => plan.Plan)], new() { MaxTokens = options.MaxTokens }, cancellation);
            return asked.Zip(given, (plan, answers) => (plan.Key, answers));
        }
        catch (Exception e) when (e is not OperationCanceledException && (asked.Count > 1 || asked[0].Plan.Steps.Count > 0))
        {
            if (asked.Count > 1) return asked.SelectMany(plan => Ask([plan], some, cancellation)).ToList();
            failures[asked[0].Key] = PlanFailure.InWords(e);
            return [];
        }
    }

    static IEnumerable<string> Names(IReadOnlyList<Probe> probes)
    {
        Dictionary<RgbImage, byte[]> pictures = new(ReferenceEqualityComparer.Instance);
        foreach (var probe in probes)
        {
            if (!pictures.TryGetValue(probe.Image, out byte[]? picture)) picture = pictures[probe.Image] = SHA256.HashData(probe.Image.Pixels.Span);
            yield return Convert.ToHexStringLower(SHA256.HashData([.. picture, .. Encoding.UTF8.GetBytes($"{probe.Image.Width}\0{probe.Question}")]))[..16];
        }
    }
}
