using PruneNotebooks.Display;
using PruneNotebooks.Metrics;
using PruneNotebooks.Models;
using PruneNotebooks.Pruners;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Tests.Metrics;

/// <summary>The protocol on the embedded model. No test here expects a certain time.</summary>
public sealed class TimingTests(TimingTests.Measured measured) : IClassFixture<TimingTests.Measured>
{
    public sealed class Measured : IDisposable
    {
        public Vlm Model { get; } = Vlm.Load("scene-llava");
        public IList<(int Done, int Of)> Progress { get; } = [];

        public Measured()
        {
            var scene = PruneNotebooks.Scenes.Scenes.Draw(7);
            Prompt = Model.Ask(scene.Questions[0].Text, scene.Image);
            Report = Timing.Measure(Model, [Prompt],
            [
                ("few", MethodCatalogue.Find("random").Plan(18)),
                ("late", PruningPlan.At(Stage.Decoder(2), new FastV(), 0.25)),
            ], new() { WarmUps = 2, Runs = 6, Progress = (done, of) => Progress.Add((done, of)) });
        }

        public Prompt Prompt { get; }

        public TimingReport Report { get; }

        public void Dispose() => Model.Dispose();
    }

    [Fact]
    public void The_dense_model_is_measured_beside_the_plans_on_fused_attention()
    {
        var report = measured.Report;
        Assert.Empty(report.Dense.Plan.Steps);
        Assert.Empty(report.Dense.Trace.UnfusedLayers);
        Assert.Equal(["few", "late"], report.Plans.Select(plan => plan.Name));
        Assert.Equal([144, 18, 36], report.All.Select(plan => plan.Trace.KeptVisualTokens));
        Assert.NotEmpty(report.Plans[1].Trace.UnfusedLayers);
    }

    [Fact]
    public void Warm_ups_do_not_count_and_progress_is_told()
    {
        Assert.All(measured.Report.All, plan => Assert.Equal(6, plan.Rounds.Count));
        Assert.Equal(Enumerable.Range(0, 8).Select(i => (i, 8)), measured.Progress);
    }

    [Fact]
    public void Every_plan_generates_as_many_tokens_as_the_dense_answer_has()
    {
        int tokens = measured.Model.Answer([measured.Prompt], cancellation: TestContext.Current.CancellationToken)[0].Tokens.Count;
        Assert.Equal(tokens, measured.Report.AnswerTokens);
        Assert.All(measured.Report.All, plan => Assert.Equal(tokens, Assert.Single(plan.Answers).Tokens.Count));
    }

    [Fact]
    public void Stages_add_up_and_only_plans_spend_time_on_selection()
    {
        foreach (var plan in measured.Report.All)
        {
            Assert.All(plan.Rounds, times => Assert.Equal(times.Vision + times.Selection + times.Prefill + times.Decode, times.Total));
            Assert.All(plan.Times(TimedStage.Prefill), time => Assert.True(time > TimeSpan.Zero));
            Assert.Equal(plan != measured.Report.Dense, plan[TimedStage.Selection].Median > TimeSpan.Zero);
        }
        Assert.Null(measured.Report.SpeedUp(measured.Report.Plans[0], TimedStage.Selection));
        Assert.NotNull(measured.Report.SpeedUp(measured.Report.Plans[0], TimedStage.Prefill));
    }

    [Fact]
    public void The_report_says_how_it_was_measured_and_what_was_gained()
    {
        string[] lines = $"{measured.Report}".Split('\n');
        Assert.Matches(@"^Median \[quartiles\] of 6 runs after 2 warm-ups, plans in turn, on cpu \(Float32, \d+ threads\); one question, \d+ tokens generated\.", lines[0]);
        Assert.Equal(3, lines.Count(line => line.Contains(" ms [", StringComparison.Ordinal)));
        Assert.Equal(4, lines.Count(line => line.Contains("no gain at this size", StringComparison.Ordinal) || line.Contains("times as fast", StringComparison.Ordinal)));
        Assert.Single(lines.Skip(1).Take(3).Select(line => line.IndexOf("prefill", StringComparison.Ordinal)).Distinct());
        Assert.Equal(3, TimingTable.Of(measured.Report).Rows.Count);
    }

    [Theory]
    [InlineData(0, 20)]
    [InlineData(3, 5)]
    public void Too_few_rounds_are_refused(int warmUps, int runs) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new TimingOptions { WarmUps = warmUps, Runs = runs });

    [Fact]
    public void A_measurement_can_be_stopped()
    {
        using var stop = new CancellationTokenSource();
        var options = new TimingOptions { Progress = (done, _) => { if (done == 2) stop.Cancel(); } };
        Assert.Throws<OperationCanceledException>(() => Timing.Measure(measured.Model, measured.Prompt, PruningPlan.None, options, stop.Token));
    }
}
