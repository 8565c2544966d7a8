using PruneNotebooks.Models;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Metrics;

/// <summary>The parts of an answer that are timed.</summary>
public enum TimedStage
{
    /// <summary>Vision tower and projector.</summary>
    Vision,

    /// <summary>All pruners, the attention that only they look at, and gathering what they kept.</summary>
    Selection,

    /// <summary>Decoder over the prompt.</summary>
    Prefill,

    /// <summary>Decoder over the answer, token by token.</summary>
    Decode,

    /// <summary>All of it.</summary>
    Total,
}

/// <summary>The times of one plan.</summary>
/// <param name="Name">What to call it.</param>
/// <param name="Answers">The answers of the last round, one for each prompt; each as long as the protocol demands.</param>
/// <param name="Rounds">The times of every round that counts.</param>
public sealed record PlanTiming(string Name, IReadOnlyList<Answer> Answers, IReadOnlyList<StageTimes> Rounds)
{
    /// <summary>The plan.</summary>
    public PruningPlan Plan => Trace.Plan;

    /// <summary>What happened to the tokens of the first prompt.</summary>
    public PruningTrace Trace => Answers[0].Trace;

    /// <summary>Median and quartiles of one part.</summary>
    public TimeSpread this[TimedStage stage] => TimeSpread.Of(Times(stage));

    /// <summary>The times of one part, by round.</summary>
    public IReadOnlyList<TimeSpan> Times(TimedStage stage) => [.. Rounds.Select(times => stage switch
    {
        TimedStage.Vision => times.Vision,
        TimedStage.Selection => times.Selection,
        TimedStage.Prefill => times.Prefill,
        TimedStage.Decode => times.Decode,
        _ => times.Total,
    })];
}
