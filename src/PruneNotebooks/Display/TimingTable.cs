using PruneNotebooks.Metrics;

namespace PruneNotebooks.Display;

/// <summary>A measurement of time as a table: a row for each plan, its tokens, its time by stage, what it gains.</summary>
public static class TimingTable
{
    /// <summary>The table, under a caption that says how it was measured.</summary>
    public static Table Of(TimingReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return Table.Of(report.All, [
            ("plan", plan => plan.Name),
            ("visual tokens", plan => plan.Trace.KeptVisualTokens),
            .. Enum.GetValues<TimedStage>().Select(stage => ($"{stage}".ToLowerInvariant(), (Func<PlanTiming, object?>)(plan => plan[stage]))),
            ("prefill gains", plan => plan == report.Dense ? null : report.SpeedUp(plan, TimedStage.Prefill)),
            ("in all", plan => plan == report.Dense ? null : report.SpeedUp(plan, TimedStage.Total)),
        ]).Titled(report.Protocol);
    }
}
