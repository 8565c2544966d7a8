using PruneNotebooks.Models;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Metrics;

/// <summary>The one way in which this project measures time.</summary>
/// <remarks>
/// <list type="bullet">
/// <item>The dense model - all tokens, fused attention in every layer - is measured in the same call: never against a number from elsewhere.</item>
/// <item>Plans take turns, and each round begins with another one, so that a machine that warms up or is disturbed treats all alike.</item>
/// <item>Warm-up rounds are thrown away; of the others the median counts, with quartiles; speed-ups are medians of ratios within a round, with intervals.</item>
/// <item>The clock is read when the device has finished its work, at every change of stage.</item>
/// <item>Every plan generates the same number of tokens; tokenising and drawing are outside of the clock.</item>
/// </list>
/// </remarks>
public static class Timing
{
    /// <summary>Measures one plan, and the dense model, on one question.</summary>
    /// <inheritdoc cref="Measure(Vlm, IReadOnlyList{Prompt}, IReadOnlyList{ValueTuple{string, PruningPlan}}, TimingOptions?, CancellationToken)"/>
    public static TimingReport Measure(Vlm model, Prompt prompt, PruningPlan plan, TimingOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return Measure(model, [prompt], plan.Steps.Count == 0 ? [] : [($"{plan}", plan)], options, cancellation);
    }

    /// <summary>Measures plans, and the dense model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="prompts">What is asked; several are answered as one batch. Give one to measure the latency of an answer.</param>
    /// <param name="plans">The plans, each with a name; none to measure the dense model alone.</param>
    /// <param name="options">How often.</param>
    /// <param name="cancellation">Stops between two tokens.</param>
    /// <exception cref="ArgumentException">There is no prompt, or a plan does not fit the model.</exception>
    public static TimingReport Measure(
        Vlm model, IReadOnlyList<Prompt> prompts, IReadOnlyList<(string Name, PruningPlan Plan)> plans, TimingOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(prompts);
        ArgumentNullException.ThrowIfNull(plans);
        if (prompts.Count == 0) throw new ArgumentException("There is no prompt to measure.", nameof(prompts));
        options ??= new();
        int tokens = options.AnswerTokens ?? model.Answer(prompts, cancellation: cancellation).Max(answer => answer.Tokens.Count);
        var generation = new GenerationOptions { MaxTokens = tokens, StopAtEnd = false };
        (string Name, PruningPlan Plan)[] measured = [("all tokens", PruningPlan.None), .. plans];
        var answers = new IReadOnlyList<Answer>[measured.Length];
        var rounds = measured.Select(_ => new List<StageTimes>(options.Runs)).ToArray();
        for (int round = 0; round < options.WarmUps + options.Runs; round++)
        {
            options.Progress?.Invoke(round, options.WarmUps + options.Runs);
            for (int turn = 0; turn < measured.Length; turn++)
            {
                int i = (round + turn) % measured.Length;
                answers[i] = model.Answer(prompts, measured[i].Plan, generation, cancellation);
                // A batch is timed as a whole: each of its answers carries the same times.
                if (round >= options.WarmUps) rounds[i].Add(answers[i][0].Trace.Times);
            }
        }
        PlanTiming[] timings = [.. measured.Select((plan, i) => new PlanTiming(plan.Name, answers[i], rounds[i]))];
        return new TimingReport
        {
            Dense = timings[0],
            Plans = timings[1..],
            Compute = model.Compute,
            Threads = TorchSharp.torch.get_num_threads(),
            WarmUps = options.WarmUps,
            Prompts = prompts.Count,
            AnswerTokens = tokens,
        };
    }
}
