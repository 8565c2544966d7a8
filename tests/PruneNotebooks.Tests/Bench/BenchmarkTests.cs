using PruneNotebooks.Bench;
using PruneNotebooks.Metrics;
using PruneNotebooks.Parts;
using PruneNotebooks.Pruners;
using PruneNotebooks.Scenes;
using PruneNotebooks.Tests.Models;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Tests.Bench;

public sealed class BenchmarkTests(EmbeddedModel model) : IClassFixture<EmbeddedModel>, IDisposable
{
    readonly TemporaryFolder folder = new();

    IReadOnlyList<Probe> Probes => model.Scenes.Probes();

    public void Dispose() => folder.Dispose();

    /// <summary>Random tokens that count how many pictures they were shown, and may refuse one.</summary>
    sealed record Counting(bool Fails = false) : ITokenPruner
    {
        public static int Calls;

        public Signals Needs => Signals.None;

        public TokenSelection Select(PruningContext context, TokenBudget budget)
        {
            Interlocked.Increment(ref Calls);
            return Fails ? throw new ArgumentException("this picture is not to my taste", nameof(context)) : new RandomTokens().Select(context, budget);
        }
    }

    static PruningMethod Row(string slug, ITokenPruner pruner, Stage? stage = null) => new()
    {
        Slug = slug, Name = slug, Family = MethodFamily.Control, Stage = stage ?? Stage.Projector, Positions = Positions.Keep, Primitives = [], Create = () => pruner,
    };

    BenchResult Run(IReadOnlyList<PruningMethod> methods, BenchOptions? options = null, params TokenBudget[] keep) =>
        Benchmark.Run(model.Vlm, Probes, methods, keep.Length > 0 ? keep : [0.25], options, cancellation: TestContext.Current.CancellationToken);

    [Fact]
    public void Every_row_has_what_a_measurement_of_its_plan_alone_has()
    {
        var result = Run([MethodCatalogue.Find("divprune"), MethodCatalogue.Find("fastv")], new() { Batch = 5, Workers = 2 }, 0.5, 0.25);
        Assert.Equal(["all tokens", "divprune 50 %", "fastv 50 %", "divprune 25 %", "fastv 25 %"], result.Rows.Select(row => $"{row.Entry}"));
        var alone = ProbeAccuracy.Measure(model.Vlm, Probes, [.. result.Rows.Select(row => ($"{row.Entry}", row.Entry.Plan!))], cancellation: TestContext.Current.CancellationToken);
        Assert.All(result.Rows.Zip(alone), row =>
        {
            var accuracy = result.Accuracy(row.First)!;
            Assert.Equal(row.Second.Right, accuracy.Right);
            Assert.Equal(row.Second.AverageTokens, accuracy.AverageTokens, tolerance: 1e-9);
        });
        // FastV runs two of ten layers with all 144 tokens: what it keeps makes up for it.
        Assert.Equal([144, 72, 72, 36, 36], result.Rows.Select(row => (int)Math.Round(result.Accuracy(row)!.AverageTokens)));
        Assert.Equal(9, result["fastv", 0.25].Entry.Plan!.Steps[0].Budget.Resolve(144));
    }

    [Fact]
    public void Scores_are_counted_from_the_answers()
    {
        var result = Run([MethodCatalogue.Find("random")]);
        var answers = result.Answers().ToList();
        Assert.Equal(2 * Probes.Count, answers.Count);
        Assert.Equal(Probes.Select(probe => probe.Id), answers.Where(answer => answer.Method == "random").Select(answer => answer.Id));
        Assert.All(result.Scores(), score =>
        {
            var own = answers.Where(answer => answer.Method == score.Method && (score.Category == "all" || answer.Category == score.Category)).ToList();
            Assert.Equal((own.Count(answer => answer.Right), own.Count), (score.Right, score.Count));
            if (score.Low is { } low) Assert.InRange(score.Accuracy!.Value, low - 1e-9, score.High!.Value + 1e-9);
            Assert.Equal(score.Right - answers.Where(answer => answer.Keep == "" && (score.Category == "all" || answer.Category == score.Category)).Count(answer => answer.Right), score.Gained - score.Lost);
        });
        Assert.Equal(AnswerForm.Number, result.Forms["Count"]);
        Assert.Equal(AnswerForm.SoftString, result.Forms["Colour"]);
    }

    [Fact]
    public void One_picture_gives_no_interval()
    {
        var scores = Benchmark.Run(model.Vlm, [.. model.Scenes.Take(1).Probes()], [MethodCatalogue.Find("random")], [0.5], cancellation: TestContext.Current.CancellationToken).Scores();
        Assert.All(scores, score => Assert.Equal((null, null, null, null), (score.Low, score.High, score.DifferenceLow, score.DifferenceHigh)));
        Assert.All(Run([MethodCatalogue.Find("random")]).Scores().Where(score => score.Category == "all"), score => Assert.True(score.Low <= score.High));
    }

    [Fact]
    public void A_method_that_fails_says_why_and_the_others_go_on()
    {
        var result = Run([Row("broken", new Counting(Fails: true)), Row("deep", new RandomTokens(), Stage.Decoder(99)), MethodCatalogue.Find("random")], new() { Batch = 7 });
        Assert.StartsWith("this picture is not to my taste (BenchmarkTests.cs, line ", result["broken", 0.25].Reason, StringComparison.Ordinal);
        Assert.NotNull(result["deep", 0.25].Reason);
        Assert.Equal(Probes.Count, result["random", 0.25].Answers!.Count);
        var score = Assert.Single(result.Scores(), score => score.Method == "broken");
        Assert.Equal((null, null), (score.Accuracy, score.Tokens));
        Assert.Equal(result["broken", 0.25].Reason, score.Reason);
    }

    [Fact]
    public void A_budget_that_a_method_cannot_reach_is_told_in_words()
    {
        var result = Run([MethodCatalogue.Find("fastv")], null, 0.11, 0.5);
        Assert.Equal("not below 29.6 tokens", result["fastv", 0.11].Reason);    // (2 x 144 + 8 x 1) / 10
        Assert.Null(result["fastv", 0.5].Reason);
        Assert.Throws<ArgumentOutOfRangeException>(() => Run([MethodCatalogue.Find("fastv")], null, 145));
    }

    [Fact]
    public void At_a_stage_the_budget_counts_what_that_stage_leaves()
    {
        var entry = BenchEntry.Of(MethodCatalogue.Find("fastv"), 16, new(144, 5, 3, 10), BudgetMeaning.AtStage, Positions.Keep);
        Assert.Equal(16, entry.Plan!.VisualTokens(144, 10).ByLayer[^1]);
    }

    [Fact]
    public void What_is_in_the_journal_is_not_asked_again()
    {
        BenchOptions options = new() { Journal = folder["journal.jsonl"], Batch = 10 };
        var counting = Row("mine", new Counting());
        var first = Run([counting], options);
        int calls = Counting.Calls;
        string[] lines = File.ReadAllLines(folder["journal.jsonl"]);
        Assert.Equal(1 + 2 * Probes.Count, lines.Length);

        // The same again asks nothing; another method asks for its own answers only; a line that was cut off is asked again.
        Assert.Equal(first.Answers(), Run([counting], options).Answers());
        Run([counting, MethodCatalogue.Find("uniform")], options);
        Assert.Equal(calls, Counting.Calls);
        Assert.Equal(lines.Length + Probes.Count, File.ReadLines(folder["journal.jsonl"]).Count());
        File.WriteAllText(folder["journal.jsonl"], string.Join('\n', lines)[..^20]);
        Assert.Equal(first.Answers(), Run([counting], options).Answers());
        Assert.Equal(calls + 1, Counting.Calls);
        Assert.Equal(lines.Order(), File.ReadLines(folder["journal.jsonl"]).Order());
    }

    [Fact]
    public void A_stopped_run_keeps_what_it_has()
    {
        using var stop = new CancellationTokenSource();
        BenchOptions options = new() { Journal = folder["journal.jsonl"], Batch = 10, Workers = 1 };
        List<ProbeProgress> heard = [];
        Assert.Throws<OperationCanceledException>(() => Benchmark.Run(model.Vlm, Probes, [MethodCatalogue.Find("random")], [0.5], options, new Listener(value =>
        {
            heard.Add(value);
            if (heard.Count == 2) stop.Cancel();
        }), stop.Token));
        Assert.Equal([new(0, 2 * Probes.Count), new(20, 2 * Probes.Count)], heard);
        Assert.Equal(21, File.ReadLines(folder["journal.jsonl"]).Count());
    }

    [Fact]
    public void Two_halves_split_by_a_row_make_the_whole()
    {
        var result = Run([MethodCatalogue.Find("uniform"), MethodCatalogue.Find("divprune")], null, 0.11);
        var halves = result.Split("uniform").Where(score => score.Category == "all").ToList();
        Assert.Equal([("uniform", "right: uniform"), ("uniform", "wrong: uniform"), ("divprune", "right: uniform"), ("divprune", "wrong: uniform")], halves.Select(half => (half.Method, half.Split)));
        Assert.Equal((1, 0), (halves[0].Accuracy, halves[1].Accuracy));
        var whole = result.Scores().Single(score => score is { Method: "divprune", Category: "all" });
        Assert.Equal((whole.Right, whole.Count), (halves[2].Right + halves[3].Right, halves[2].Count + halves[3].Count));
        Assert.Contains("there are all tokens, uniform, divprune", Assert.Throws<ArgumentException>(() => result["hiprune", 0.11]).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Plans_that_differ_in_any_option_or_in_their_code_have_different_names()
    {
        string Key(ITokenPruner pruner) => PlanKey.Of(PruningPlan.At(Stage.Projector, pruner, 36));
        ITokenPruner[] different = [new HiPrune(), new HiPrune { Alpha = 0.2 }, new RandomTokens(), new RandomTokens { Seed = 1 }, new Counting(), new Counting(true)];
        Assert.Distinct(different.Select(Key));
        Assert.Equal(Key(new HiPrune()), Key(new HiPrune { Alpha = 0.1 }));
        string Scored(Score score) => Key(score.Then(Choose.Top));
        var (attention, fit) = (Score.ClsAttention(), Score.TextMatch());
        Assert.Equal(Scored(0.0001 * attention), Scored(0.0001 * attention));
        Assert.Distinct([Scored(0.0001 * attention), Scored(0.0002 * attention), Scored(attention.MinMax()), Scored(attention.MinMax(0.1)), Scored(attention.MinMax(0.1) * fit), Scored(attention.MinMax(0.1) + fit)]);
        Assert.Distinct([Key(new HiPrune()), PlanKey.Of(PruningPlan.At(Stage.Projector, new HiPrune(), 36).With(Positions.Renumber)), PlanKey.Of(PruningPlan.At(Stage.Projector, new HiPrune(), 35))]);
    }

    [Fact]
    public void Two_methods_of_one_name_are_refused() =>
        Assert.StartsWith("Two methods are called 'a'", Assert.Throws<ArgumentException>(() => Run([Row("a", new RandomTokens()), Row("A", new FastV())])).Message, StringComparison.Ordinal);

    sealed class Listener(Action<ProbeProgress> hear) : IProgress<ProbeProgress>
    {
        public void Report(ProbeProgress value) => hear(value);
    }
}
