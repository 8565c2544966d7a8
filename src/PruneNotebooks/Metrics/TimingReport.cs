using System.Globalization;
using PruneNotebooks.Runtime;

namespace PruneNotebooks.Metrics;

/// <summary>What <see cref="Timing"/> measured: the dense model and some plans, side by side.</summary>
public sealed record TimingReport
{
    /// <summary>All tokens, fused attention in every layer.</summary>
    public required PlanTiming Dense { get; init; }

    /// <summary>The plans, in the order in which they were given.</summary>
    public required IReadOnlyList<PlanTiming> Plans { get; init; }

    /// <summary>The dense model and the plans.</summary>
    public IReadOnlyList<PlanTiming> All => [Dense, .. Plans];

    /// <summary>Where and in which type the model computed.</summary>
    public required Compute Compute { get; init; }

    /// <summary>CPU threads that libtorch used for one operation.</summary>
    public required int Threads { get; init; }

    /// <summary>Rounds that were thrown away first.</summary>
    public required int WarmUps { get; init; }

    /// <summary>Prompts that were answered as one batch.</summary>
    public required int Prompts { get; init; }

    /// <summary>Tokens that every answer had.</summary>
    public required int AnswerTokens { get; init; }

    /// <summary>Rounds that count.</summary>
    public int Runs => Dense.Rounds.Count;

    /// <summary>How many times as fast as the dense model a plan is.</summary>
    /// <param name="plan">One of <see cref="Plans"/>.</param>
    /// <param name="stage">In which part.</param>
    /// <returns><see langword="null"/> where one of the two spends no time: the dense model selects nothing.</returns>
    public SpeedUp? SpeedUp(PlanTiming plan, TimedStage stage)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var (before, after) = (Dense.Times(stage), plan.Times(stage));
        return before.Concat(after).Any(time => time <= TimeSpan.Zero) ? null : Metrics.SpeedUp.Of(before, after);
    }

    /// <summary>How it was measured, in a sentence.</summary>
    public string Protocol => string.Create(CultureInfo.InvariantCulture,
        $"Median [quartiles] of {Runs} runs after {WarmUps} warm-ups, plans in turn, on {Compute.Device} ({Compute.Type}, {Threads} threads); ")
        + $"{(Prompts == 1 ? "one question" : $"a batch of {Prompts} questions")}, {AnswerTokens} tokens generated. All tokens: fused attention in every layer.";

    /// <summary>The protocol, a line of times for each plan, and what the plans gain, in words.</summary>
    public override string ToString()
    {
        int name = All.Max(plan => plan.Name.Length);
        var columns = Enum.GetValues<TimedStage>().Select(stage => (Stage: stage, Width: All.Max(plan => $"{plan[stage]}".Length)));
        return string.Join('\n', [
            Protocol,
            .. All.Select(plan => $"{plan.Name.PadRight(name)}  {string.Join("  ", columns.Select(column => $"{$"{column.Stage}".ToLowerInvariant()} {$"{plan[column.Stage]}".PadRight(column.Width)}"))}".TrimEnd()),
            .. Plans.SelectMany(plan => new[] { TimedStage.Prefill, TimedStage.Total }.Select(stage => $"{plan.Name.PadRight(name)}  {stage.ToString().ToLowerInvariant()}: {SpeedUp(plan, stage)}")),
        ]);
    }
}
