using PruneNotebooks.Models;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Metrics;

/// <summary>What a model answered to a probe under a plan.</summary>
/// <param name="Text">The answer.</param>
/// <param name="Tokens">Visual tokens per decoder layer, mean over layers, as counted in the run: what the answer cost.</param>
public sealed record ProbeAnswer(string Text, double Tokens)
{
    /// <summary>Asks probes under several plans, which look at each picture together.</summary>
    /// <param name="model">The model.</param>
    /// <param name="probes">Probes that are answered together.</param>
    /// <param name="plans">The plans.</param>
    /// <param name="options">How long an answer may be.</param>
    /// <param name="cancellation">Stops between two answer tokens.</param>
    /// <returns>By plan, then by probe.</returns>
    /// <exception cref="ArgumentException">A plan does not fit the model, or a question is longer than it can read.</exception>
    public static IReadOnlyList<IReadOnlyList<ProbeAnswer>> Ask(
        Vlm model, IReadOnlyList<Probe> probes, IReadOnlyList<PruningPlan> plans, GenerationOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(probes);
        var given = model.Answer([.. probes.Select(probe => model.Ask(probe.Question, probe.Image))], plans, options, cancellation);
        return [.. given.Select(answers => answers.Select(answer => new ProbeAnswer(answer.Text, answer.Trace.AverageVisualTokens)).ToArray())];
    }
}
