using System.Text.Json.Nodes;
using PruneNotebooks.Display;
using PruneNotebooks.Metrics;
using PruneNotebooks.Models;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Tool.Commands;

/// <summary>Answers with all and with some tokens, side by side, for a person or a program.</summary>
/// <param name="Model">Who answered.</param>
/// <param name="Plan">Which tokens left where.</param>
/// <param name="Questions">What was asked.</param>
/// <param name="Expected">The right answer to each question, where it is known.</param>
/// <param name="Dense">The answers with all tokens.</param>
/// <param name="Answers">The answers under the plan.</param>
/// <param name="Times">Measured times of the first question; <see langword="null"/> if only single runs were timed.</param>
sealed record AskReport(
    Vlm Model, PruningPlan Plan, IReadOnlyList<string> Questions, IReadOnlyList<string?> Expected, IReadOnlyList<Answer> Dense, IReadOnlyList<Answer> Answers, TimingReport? Times)
{
    bool IsPruned => Plan.Steps.Count > 0;

    PruningTrace Trace => Answers[0].Trace;

    PruningTrace DenseTrace => Dense[0].Trace;

    public void Show(Screen screen)
    {
        if (Questions.Count == 1) screen.Facts(
            ("question", Questions[0]),
            ("answer", Said(Answers[0])),
            ("with all tokens", IsPruned ? Said(Dense[0]) : null),
            ("right answer", Expected[0]));
        else screen.Show(AnswerTable());
        screen.Line();
        screen.Facts(
            ("plan", PlanText),
            ("visual tokens", $"{Trace.KeptVisualTokens} of {Trace.AllVisualTokens} at the end, {Units.Number(Trace.AverageVisualTokens)} on average per decoder layer"),
            ("attention", TraceReport.Attention(Trace)),
            ("model", $"{Model}"));
        screen.Line();
        screen.Show(CostTable());
        if (Times is not { Plans: [var plan] }) return;
        screen.Line();
        screen.Facts(("prefill", $"{Times.SpeedUp(plan, TimedStage.Prefill)}"), ("whole answer", $"{Times.SpeedUp(plan, TimedStage.Total)}"));
    }

    string PlanText => !IsPruned ? "no pruning"
        : $"{string.Join(", then ", Plan.Steps.Select(step => $"{MethodText.Short(step.Pruner)} keeps {step.Budget} at {step.Stage}"))}; positions {(Plan.Positions == Positions.Keep ? "kept" : "renumbered")}";

    static string Said(Answer answer) => $"{answer.Text}  (confidence {Units.Percent(answer.Confidence)})";

    Table AnswerTable() => Table.Of(Enumerable.Range(0, Questions.Count), [
        ("question", i => Questions[i]),
        ("right answer", i => Expected[i]),
        ("answer", i => Answers[i].Text),
        ("confidence", i => Units.Percent(Answers[i].Confidence)),
        ("right", i => Expected[i] is { } expected ? Answers[i].Text == expected : null),
        .. IsPruned ? new (string, Func<int, object?>)[] { ("with all tokens", i => Dense[i].Text) } : [],
    ]);

    /// <summary>Operations, cache and time by part of the model; beside those of the dense model if tokens left.</summary>
    Table CostTable()
    {
        var (cost, dense) = (Trace.Cost, DenseTrace.Cost);
        (string Part, string? Amount, string? DenseAmount, TimedStage? Stage)[] rows =
        [
            ("vision", Units.Flops(cost.VisionFlops), Units.Flops(dense.VisionFlops), TimedStage.Vision),
            ("selection", null, null, TimedStage.Selection),
            ("prefill", Units.Flops(cost.PrefillFlops), Units.Flops(dense.PrefillFlops), TimedStage.Prefill),
            ("decode", Units.Flops(cost.DecodeFlops), Units.Flops(dense.DecodeFlops), TimedStage.Decode),
            ("total", Units.Flops(Total(cost)), Units.Flops(Total(dense)), TimedStage.Total),
            ("KV cache", Units.Bytes(cost.KvCacheBytes), Units.Bytes(dense.KvCacheBytes), null),
        ];
        var table = Table.Of(rows, [
            ("part", row => row.Part),
            ("cost", row => row.Amount),
            ("time", row => Time(row.Stage, dense: false)),
            .. IsPruned
                ? new (string, Func<(string Part, string? Amount, string? DenseAmount, TimedStage? Stage), object?>)[]
                {
                    ("all tokens: cost", row => row.DenseAmount),
                    ("all tokens: time", row => Time(row.Stage, dense: true)),
                }
                : [],
        ]);
        string about = Questions.Count == 1 ? "" : $"First question, \"{Questions[0]}\". ";
        return table.Titled(about + (Times is null ? "Time of one run, not a measurement: --runs 20 measures." : Times.Protocol));
    }

    object? Time(TimedStage? stage, bool dense)
    {
        if (stage is not { } part) return null;
        if (Times is not null) return (dense || !IsPruned ? Times.Dense : Times.Plans[0])[part];
        return Of((dense ? DenseTrace : Trace).Times, part);
    }

    static TimeSpan Of(StageTimes times, TimedStage stage) => stage switch
    {
        TimedStage.Vision => times.Vision,
        TimedStage.Selection => times.Selection,
        TimedStage.Prefill => times.Prefill,
        TimedStage.Decode => times.Decode,
        _ => times.Total,
    };

    static double Total(ComputeCost cost) => cost.VisionFlops + cost.PrefillFlops + cost.DecodeFlops;

    public JsonObject ToJson() => new()
    {
        ["model"] = Path.GetFileName(Model.Folder),
        ["device"] = $"{Model.Compute.Device}",
        ["type"] = $"{Model.Compute.Type}",
        ["plan"] = PlanText,
        ["positions"] = $"{Plan.Positions}".ToLowerInvariant(),
        ["answers"] = new JsonArray([.. Questions.Select((question, i) => new JsonObject
        {
            ["question"] = question,
            ["expected"] = Expected[i],
            ["answer"] = Answers[i].Text,
            ["confidence"] = Answers[i].Confidence,
            ["allTokensAnswer"] = Dense[i].Text,
            ["allTokensConfidence"] = Dense[i].Confidence,
            ["tokens"] = Tokens(Answers[i].Trace),
            ["cost"] = Cost(Answers[i].Trace.Cost),
            ["allTokensCost"] = Cost(Dense[i].Trace.Cost),
        })]),
        ["unfusedLayers"] = new JsonArray([.. Trace.UnfusedLayers.Select(layer => (JsonNode)layer)]),
        ["timing"] = Times is null ? null : TimingJson(Times),
    };

    static JsonObject Tokens(PruningTrace trace) => new()
    {
        ["all"] = trace.AllVisualTokens,
        ["kept"] = trace.KeptVisualTokens,
        ["averagePerLayer"] = trace.AverageVisualTokens,
        ["byLayer"] = Array(trace.VisualTokens),
        ["keptIndices"] = new JsonArray([.. trace.Images.Select((_, i) => Array(trace.Kept(i)))]),
    };

    static JsonObject Cost(ComputeCost cost) => new()
    {
        ["visionFlops"] = cost.VisionFlops,
        ["prefillFlops"] = cost.PrefillFlops,
        ["decodeFlops"] = cost.DecodeFlops,
        ["kvCacheBytes"] = cost.KvCacheBytes,
    };

    static JsonObject TimingJson(TimingReport report) => new()
    {
        ["question"] = 0,
        ["protocol"] = report.Protocol,
        ["allTokens"] = Milliseconds(report.Dense),
        ["plan"] = report.Plans.Count == 0 ? null : Milliseconds(report.Plans[0]),
        ["speedUp"] = report.Plans.Count == 0 ? null : new JsonObject(Enum.GetValues<TimedStage>().Select(stage =>
            KeyValuePair.Create($"{stage}".ToLowerInvariant(), (JsonNode?)(report.SpeedUp(report.Plans[0], stage) is { } gain
                ? new JsonObject { ["ratio"] = gain.Ratio, ["interval"] = new JsonArray(gain.Interval.Low, gain.Interval.High) }
                : null)))),
    };

    static JsonObject Milliseconds(PlanTiming plan) => new(Enum.GetValues<TimedStage>().Select(stage => KeyValuePair.Create($"{stage}".ToLowerInvariant() + "Ms", (JsonNode?)new JsonObject
    {
        ["median"] = plan[stage].Median.TotalMilliseconds,
        ["quartiles"] = new JsonArray(plan[stage].LowerQuartile.TotalMilliseconds, plan[stage].UpperQuartile.TotalMilliseconds),
    })));

    static JsonArray Array<T>(IEnumerable<T> values) => new([.. values.Select(value => JsonValue.Create(value))]);
}
