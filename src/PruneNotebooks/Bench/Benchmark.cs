using System.Security.Cryptography;
using System.Text;
using PruneNotebooks.Metrics;
using PruneNotebooks.Models;
using PruneNotebooks.Runtime;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Bench;

/// <summary>Methods side by side: what a model answers to the same probes with all and with some of its visual tokens.</summary>
/// <remarks>
/// <para>All plans look at each picture together, the model with all of its tokens first among them. A plan that fails says why in its row, and the others go on.</para>
/// <para>
/// Answers are written into a journal batch by batch. The journal knows nothing of tables: it holds what a model said to a question under a plan, so that a run with more probes, methods
/// or budgets asks only for what is new. An answer that other code or options gave is not taken for the same.
/// </para>
/// </remarks>
/// <example><code>Benchmark.Run(model, Scenes.HeldOut(20).Probes(), [MethodCatalogue.Find("hiprune"), MethodCatalogue.Find("divprune")], keep: [0.5, 0.25])</code></example>
public sealed class Benchmark
{
    sealed record Written(string Plan, string Probe, string Text, double Tokens);

    readonly Vlm model;
    readonly IReadOnlyList<Probe> probes;
    readonly IReadOnlyList<(string Key, PruningPlan Plan)> plans;
    readonly GenerationOptions generation;
    readonly string[] keys;
    readonly Dictionary<(string Plan, string Probe), ProbeAnswer> answers = [];
    readonly Dictionary<string, string> failures = [];

    Benchmark(Vlm model, IReadOnlyList<Probe> probes, IEnumerable<BenchEntry> entries, BenchOptions options)
    {
        (this.model, this.probes, generation) = (model, probes, new() { MaxTokens = options.MaxTokens });
        keys = [.. ProbeKeys()];
        plans = [.. entries.Where(entry => entry.Plan is not null).Select(entry => (Key: PlanKey.Of(entry.Plan!), entry.Plan!)).DistinctBy(plan => plan.Key)];
    }

    /// <summary>Runs methods with budgets.</summary>
    /// <param name="model">The model.</param>
    /// <param name="probes">What is asked, and the right answers.</param>
    /// <param name="methods">The methods, of the catalogue or your own.</param>
    /// <param name="keep">The budgets.</param>
    /// <param name="options">How it runs.</param>
    /// <param name="progress">Hears how many answers there are, of how many.</param>
    /// <param name="cancellation">Stops between two batches or answer tokens; what is in the journal stays.</param>
    /// <exception cref="ArgumentException">There is no probe, two methods have one name, or the model cannot answer with all of its tokens.</exception>
    public static BenchResult Run(
        Vlm model, IReadOnlyList<Probe> probes, IReadOnlyList<Pruners.PruningMethod> methods, IReadOnlyList<TokenBudget> keep, BenchOptions? options = null,
        IProgress<ProbeProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Run(model, probes, BenchEntry.All(methods, keep, DimensionsOf(model)), options, progress, cancellation);
    }

    /// <summary>Runs rows that were made before, such as plans of your own; the model with all of its tokens is added if it is not among them.</summary>
    /// <inheritdoc cref="Run(Vlm, IReadOnlyList{Probe}, IReadOnlyList{Pruners.PruningMethod}, IReadOnlyList{TokenBudget}, BenchOptions?, IProgress{ProbeProgress}?, CancellationToken)"/>
    /// <param name="model">The model.</param>
    /// <param name="probes">What is asked, and the right answers.</param>
    /// <param name="entries">The rows.</param>
    /// <param name="options">How it runs.</param>
    /// <param name="progress">Hears how many answers there are, of how many.</param>
    /// <param name="cancellation">Stops between two batches or answer tokens; what is in the journal stays.</param>
    public static BenchResult Run(
        Vlm model, IReadOnlyList<Probe> probes, IReadOnlyList<BenchEntry> entries, BenchOptions? options = null, IProgress<ProbeProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(probes);
        ArgumentNullException.ThrowIfNull(entries);
        if (probes.Count == 0) throw new ArgumentException("There is no probe: give at least one picture with a question and its answer.", nameof(probes));
        options ??= new();
        BenchEntry[] rows = [BenchEntry.Dense, .. entries.Where(entry => entry != BenchEntry.Dense)];
        var run = new Benchmark(model, probes, rows, options);
        run.Answer(options, progress, cancellation);
        return new(Path.GetFileName(model.Folder), probes, AnswerForms.ByCategory(probes), [.. rows.Select(run.Row)]);
    }

    /// <summary>How many tokens and layers a model has.</summary>
    internal static ModelDimensions DimensionsOf(Vlm model) =>
        new(model.VisualTokensPerImage, model.Config.Shape().VisionLayers, model.Config.Shape().FeatureLayer, model.Config.Shape().DecoderLayers);

    BenchRow Row(BenchEntry entry)
    {
        string? reason = entry.Reason ?? failures.GetValueOrDefault(PlanKey.Of(entry.Plan!));
        return new(entry, reason is null ? [.. keys.Select(key => answers[(PlanKey.Of(entry.Plan!), key)])] : null, reason);
    }

    void Answer(BenchOptions options, IProgress<ProbeProgress>? progress, CancellationToken cancellation)
    {
        using var journal = options.Journal is null ? null : Journal<Written>.Open(options.Journal, WorkOf(model, options));
        foreach (var (plan, probe, text, tokens) in journal?.Results ?? []) answers[(plan, probe)] = new(text, tokens);
        Report();
        foreach (int[] batch in Enumerable.Range(0, probes.Count).DistinctBy(i => keys[i]).Chunk(options.BatchFor(model)))
        {
            // Plans that lack the same answers - most often all of them - look at the pictures together.
            foreach (var lacking in plans.Where(plan => !failures.ContainsKey(plan.Key))
                .Select(plan => (Plan: plan, Probes: batch.Where(i => !answers.ContainsKey((plan.Key, keys[i]))).ToArray()))
                .Where(lack => lack.Probes.Length > 0).GroupBy(lack => string.Join(',', lack.Probes)))
            {
                cancellation.ThrowIfCancellationRequested();
                int[] asked = lacking.First().Probes;
                var given = Ask([.. lacking.Select(lack => lack.Plan)], [.. asked.Select(i => probes[i])], cancellation).ToList();
                List<Written> lines = [];
                foreach (var (plan, texts) in given)
                    foreach (var (i, answer) in asked.Zip(texts))
                    {
                        lines.Add(new(plan, keys[i], answer.Text, answer.Tokens));
                        answers[(plan, keys[i])] = answer;
                    }
                journal?.AddAll(lines);
            }
            Report();
        }

        void Report()
        {
            var open = plans.Where(plan => !failures.ContainsKey(plan.Key)).ToList();
            progress?.Report(new(open.Sum(plan => keys.Count(key => answers.ContainsKey((plan.Key, key)))), open.Count * probes.Count));
        }
    }

    // All plans together; if that fails, each by itself, to find the one that does.
    IEnumerable<(string Plan, IReadOnlyList<ProbeAnswer> Answers)> Ask(IReadOnlyList<(string Key, PruningPlan Plan)> asked, IReadOnlyList<Probe> some, CancellationToken cancellation)
    {
        try
        {
            return [.. asked.Zip(ProbeAnswer.Ask(model, some, [.. asked.Select(plan => plan.Plan)], generation, cancellation), (plan, given) => (plan.Key, given))];
        }
        catch (Exception e) when (e is not OperationCanceledException && (asked.Count > 1 || asked[0].Plan.Steps.Count > 0))
        {
            if (asked.Count > 1) return asked.SelectMany(plan => Ask([plan], some, cancellation));
            failures[asked[0].Key] = PlanFailure.InWords(e);
            return [];
        }
    }

    /// <summary>What makes answers comparable besides plan and probe.</summary>
    internal static string WorkOf(Vlm model, BenchOptions options) =>
        $"answers of {Path.GetFileName(model.Folder)} in {model.Compute.Type}, at most {options.MaxTokens} tokens, library {PlanKey.Build(typeof(Benchmark))}";

    IEnumerable<string> ProbeKeys()
    {
        Dictionary<RgbImage, byte[]> hashes = new(ReferenceEqualityComparer.Instance);
        foreach (var probe in probes)
        {
            if (!hashes.TryGetValue(probe.Image, out byte[]? image)) image = hashes[probe.Image] = SHA256.HashData(probe.Image.Pixels.Span);
            yield return Convert.ToHexStringLower(SHA256.HashData([.. image, .. Encoding.UTF8.GetBytes($"{probe.Image.Width}\0{probe.Question}")]))[..16];
        }
    }
}
