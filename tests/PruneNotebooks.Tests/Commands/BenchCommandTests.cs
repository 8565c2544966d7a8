using System.Diagnostics;
using System.Text.Json.Nodes;
using Parquet.Serialization;
using PruneNotebooks.Models;
using PruneNotebooks.Tests.Notebooks;

namespace PruneNotebooks.Tests.Commands;

public sealed class BenchCommandTests : IDisposable
{
    const string Mine =
        """
        /// <summary>Tokens that the others attend to.</summary>
        public static class Methods
        {
            public static ITokenPruner Received => Score.ReceivedAttention().Then(Choose.Top);
        }
        """;

    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    string[] Bench(string output, params string[] more) => ["bench", "--device", "cpu", "--output", folder[output], .. more];

    string Write(string name, string content)
    {
        File.WriteAllText(folder[name], content);
        return folder[name];
    }

    [Fact]
    public async Task Methods_and_a_file_are_compared_and_every_answer_is_written()
    {
        string[] command = Bench("out", "--methods", "hiprune", "fastv", Write("Mine.cs", Mine), "--keep", "0.5", "11%", "--n", "2");
        var (code, output, error) = await Prune.RunAsync(command);
        Assert.Equal(("", 0), (error, code));
        Assert.Matches(@"^scene-llava, \d+ questions about 2 pictures; answers count by number \(Count\), yes or no \(Exists\), soft string \(.*Shape.*\)\n", output);
        Assert.Matches(@"(?m)^keep 50 %: \d+ questions, 95 % intervals", output);
        Assert.Matches(@"(?m)^all tokens +144 +\d+\.\d \[\d+\.\d, \d+\.\d\]$", output);
        Assert.Matches(@"(?m)^Mine +72 +\d+\.\d \[\d+\.\d, \d+\.\d\] +[-+]?\d+\.\d \[-?\d+\.\d, -?\d+\.\d\]$", output);
        Assert.Matches(@"(?m)^fastv +not below 29.6 tokens$", output);

        var answers = (await File.ReadAllLinesAsync(folder["out/answers.jsonl"], TestContext.Current.CancellationToken)).Select(line => JsonNode.Parse(line)!).ToList();
        Assert.Equal(6, answers.Select(answer => $"{answer["method"]} {answer["keep"]}").Distinct().Count());
        var table = await ParquetSerializer.DeserializeAsync<ParquetAnswer>(folder["out/answers.parquet"], cancellationToken: TestContext.Current.CancellationToken);
        Assert.Equal(answers.Select(answer => ((string?)answer["id"], (bool)answer["right"]!)), table.Data.Select(answer => (answer.Id, answer.Right)));
        Assert.StartsWith("Method,Keep,Split,Category,Tokens,Right,", (await File.ReadAllLinesAsync(folder["out/results.csv"], TestContext.Current.CancellationToken))[0]);
        Assert.True(new FileInfo(folder["out/results.parquet"]).Length > 500);

        // What is in the folder is not measured again, and gives the same.
        byte[] before = await File.ReadAllBytesAsync(folder["out/results.csv"], TestContext.Current.CancellationToken);
        Assert.Equal(output, (await Prune.RunAsync(command)).Output);
        Assert.Equal(before, await File.ReadAllBytesAsync(folder["out/results.csv"], TestContext.Current.CancellationToken));
        var split = await Prune.RunAsync([.. command, "--split", "Mine"]);
        Assert.Contains("keep 50 %, questions that Mine does not answer: ", split.Output);
    }

    sealed class ParquetAnswer
    {
        public string? Id { get; set; }

        public bool Right { get; set; }
    }

    [Fact]
    public async Task A_manifest_gives_what_the_scenes_that_it_names_give()
    {
        await Prune.RunAsync("scenes", "--count", "2", "--out", folder["scenes"]);
        string[] what = ["--methods", "random", "--keep", "36", "--json"];
        var scenes = JsonNode.Parse((await Prune.RunAsync(Bench("a", [.. what, "--n", "2"]))).Output)!.AsArray();
        var manifest = JsonNode.Parse((await Prune.RunAsync(Bench("b", [.. what, "--data", folder["scenes/questions.jsonl"]]))).Output)!.AsArray();
        Assert.Equal(
            scenes.Select(score => ($"{score!["method"]}", $"{score["category"]}".ToLowerInvariant(), $"{score["right"]} of {score["count"]}")),
            manifest.Select(score => ($"{score!["method"]}", $"{score["category"]}", $"{score["right"]} of {score["count"]}")));
    }

    [Fact]
    public async Task Killed_in_the_middle_it_goes_on_with_nothing_lost_and_nothing_counted_twice()
    {
        string[] what = ["--methods", "hiprune", "random", "--keep", "0.5", "--n", "12", "--batch", "3"];
        string[] command = Bench("killed", what);
        string journal;
        using (var process = PruneProgram.Start(command))
        {
            await UntilSomeIsWrittenAsync("killed", process);
            process.Kill();
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            journal = JournalIn("killed")!;
        }
        string left = await File.ReadAllTextAsync(journal, TestContext.Current.CancellationToken);
        string whole = left[..(left.LastIndexOf('\n') + 1)];
        Assert.Equal(0, (await Prune.RunAsync(command)).Code);
        Assert.Equal(0, (await Prune.RunAsync(Bench("quiet", what))).Code);

        string[] lines = await File.ReadAllLinesAsync(journal, TestContext.Current.CancellationToken);
        Assert.Equal(File.ReadLines(JournalIn("quiet")!).Order(), lines.Order());
        Assert.Distinct(lines);
        Assert.InRange(whole.Count(c => c == '\n'), 10, lines.Length - 1);
        Assert.StartsWith(whole, string.Join('\n', lines), StringComparison.Ordinal);
        foreach (string file in new[] { "answers.jsonl", "results.csv" })
            Assert.Equal(await File.ReadAllBytesAsync(folder[$"quiet/{file}"], TestContext.Current.CancellationToken), await File.ReadAllBytesAsync(folder[$"killed/{file}"], TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Stopped_it_says_what_is_kept()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "sends a signal");
        using var process = PruneProgram.StartInterruptible(Bench("stopped", "--methods", "random", "--keep", "0.5", "--n", "60", "--batch", "3"));
        await UntilSomeIsWrittenAsync("stopped", process);
        using (var kill = Process.Start("kill", ["-INT", $"{process.Id}"])) await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        var outcome = await PruneProgram.EndOfAsync(process);
        Assert.Equal(130, outcome.ExitCode);
        Assert.Matches(@"^Stopped: [1-9]\d* of \d+ answers are there and kept in .*journal-\w+.jsonl; the same command goes on from there\.\n$", outcome.Error);
        Assert.Empty(Directory.GetFiles(folder["stopped"], "results.*"));
    }

    async Task UntilSomeIsWrittenAsync(string output, Process process)
    {
        while (JournalIn(output) is not { } found || new FileInfo(found).Length < 5000)
        {
            Assert.False(process.HasExited, "the program ended before its time");
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }

    string? JournalIn(string output) => Directory.Exists(folder[output]) ? Directory.GetFiles(folder[output], "journal-*.jsonl").SingleOrDefault() : null;

    [Fact]
    public async Task A_file_that_does_not_compile_is_shown_with_line_and_source()
    {
        string file = Write("Broken.cs", "public sealed record Broken : ITokenPruner\n{\n    public Signals Needs => Signals.Everything;\n}\n");
        var (code, output, error) = await Prune.RunAsync(Bench("out", "--methods", file, "--keep", "36"));
        Assert.Equal((1, ""), (code, output));
        Assert.Contains($"{file}, line 1, column 31: CS0535: ", error);
        Assert.Contains($"{file}, line 3, column 37: CS0117: ", error);
        Assert.Contains("    public Signals Needs => Signals.Everything;", error);
        Assert.EndsWith("run the same command again; what is measured is kept.\n", error);
        Assert.False(Directory.Exists(folder["out"]));
    }

    [Fact]
    public async Task A_method_that_throws_is_told_with_its_line()
    {
        string file = Write("Throws.cs",
            """
            public sealed record Throws : ITokenPruner
            {
                public Signals Needs => Signals.None;

                public TokenSelection Select(PruningContext context, TokenBudget budget) => throw new InvalidOperationException("not today");
            }
            """);
        var (code, output, _) = await Prune.RunAsync(Bench("out", "--methods", file, "random", "--keep", "36", "--n", "1"));
        Assert.Equal(0, code);
        Assert.Matches(@"(?m)^Throws +cannot run, see below$", output);
        Assert.Contains("\nThrows: not today (Throws.cs, line 5)\n", output);
        Assert.Matches(@"(?m)^random +36 +\d+\.\d +-?\d+\.\d$", output);
    }

    [Fact]
    public async Task A_file_may_say_its_own_stages_and_hold_several_methods()
    {
        string file = Write("Two.cs",
            """
            public sealed record First : ITokenPruner
            {
                public Signals Needs => Signals.None;
                public TokenSelection Select(PruningContext context, TokenBudget budget) => new(Enumerable.Range(0, budget.Resolve(context.Tokens)).Select(i => (long)i), context.Tokens);
            }
            public static class More
            {
                public static PruningMethod Late => new() { Slug = "late", Name = "Late", Family = MethodFamily.Control, Stage = Stage.Decoder(5), Positions = Positions.Keep, Primitives = [], Create = () => new First() };
            }
            """);
        var (code, output, error) = await Prune.RunAsync(Bench("out", "--methods", file, "--keep", "36", "--n", "1"));
        Assert.Equal((0, ""), (code, error));
        Assert.Matches(@"(?m)^First +36 ", output);
        Assert.Matches(@"(?m)^late +not below 72.5 tokens$", output);
    }

    [Theory]
    [InlineData(1, "There is no method 'divprun'. Nearest: divprune", "--methods", "divprun", "--keep", "0.5")]
    [InlineData(1, "There is no file './Nowhere.cs' with a method in it.", "--methods", "./Nowhere.cs", "--keep", "0.5")]
    [InlineData(2, "--keep is a number of tokens", "--methods", "random", "--keep", "half")]
    [InlineData(1, "A retention ratio is the kept fraction", "--methods", "random", "--keep", "1.5")]
    [InlineData(1, "The budget keeps 145 tokens", "--methods", "random", "--keep", "145", "--n", "1")]
    [InlineData(2, "--split names one of the --methods; 'fastv' is not among them.", "--methods", "random", "--keep", "0.5", "--split", "fastv")]
    [InlineData(2, "--at is for methods from files", "--methods", "random", "--keep", "0.5", "--at", "decoder:2")]
    [InlineData(2, "--seed numbers scenes", "--methods", "random", "--keep", "0.5", "--data", "some.jsonl", "--seed", "3")]
    [InlineData(1, "No model is called 'lava'", "--methods", "random", "--keep", "0.5", "--n", "1", "--model", "lava")]
    [InlineData(1, "At least 1 probe is answered at a time", "--methods", "random", "--keep", "0.5", "--n", "1", "--batch", "0")]
    public async Task What_cannot_be_compared_is_said_in_one_sentence(int code, string sentence, params string[] args) =>
        Assert.StartsWith(sentence, await Prune.RefusedAsync(code, Bench("out", args)));

    [Theory]
    [InlineData("""{"image": "dot.png", "prompt": "what ?", "answer": """, "line 2 is not a JSON object")]
    [InlineData("""{"image": "gone.png", "prompt": "what ?", "answer": "a"}""", "line 2: There is no picture file")]
    [InlineData("""{"id": "1", "image": "dot.png", "prompt": "what ?", "answer": "a"}""", "line 2 has the id '1', which line 1 has, too")]
    public async Task A_damaged_manifest_is_named_with_its_line_before_anything_runs(string line, string words)
    {
        new RgbImage(2, 1, [1, 2, 3, 4, 5, 6]).Save(folder["dot.png"]);
        string manifest = Write("manifest.jsonl", """{"image": "dot.png", "prompt": "what ?", "answer": "a"}""" + $"\n{line}\n");
        string sentence = await Prune.RefusedAsync(1, Bench("out", "--data", manifest, "--methods", "random", "--keep", "0.5"));
        Assert.StartsWith($"{manifest}, {words}", sentence);
        Assert.False(Directory.Exists(folder["out"]));
    }
}
