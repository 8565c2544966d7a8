using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PruneNotebooks.Bench;
using PruneNotebooks.Display;
using PruneNotebooks.Metrics;
using PruneNotebooks.Pruners;
using PruneNotebooks.Tokens;
using PruneNotebooks.Tool.Methods;

namespace PruneNotebooks.Tool.Commands;

/// <summary><c>prune bench</c>: methods side by side on the same questions, beside the model with all of its tokens.</summary>
static class BenchCommand
{
    static readonly Option<string[]> Methods = new("--methods", "-m")
    {
        Description = "Names from 'prune methods', all, or C# files with a method in them.", HelpName = "name|all|file.cs", Required = true, AllowMultipleArgumentsPerToken = true,
    };
    static readonly Option<string[]> Keep = new("--keep", "-k")
    {
        Description = "Budgets: visual tokens per decoder layer, mean over layers, as a number (36) or a part of all (0.25, 25%).", HelpName = "n", Required = true, AllowMultipleArgumentsPerToken = true,
    };
    static readonly Option<bool> AtStage = new("--at-stage") { Description = "Budgets count the tokens that are left at a method's own stage instead." };
    static readonly Option<string?> At = new("--at") { Description = "Where methods from files work that do not say it: projector (if not given), decoder:K or vision:K.", HelpName = "stage" };
    static readonly Option<string> PositionIds = new Option<string>("--positions")
    {
        Description = "keep: tokens keep their position ids; renumber: they are counted anew; paper: as each paper does.", HelpName = "keep|renumber|paper", DefaultValueFactory = _ => "keep",
    }.AcceptOnlyFromAmong("keep", "renumber", "paper");
    static readonly Option<string?> Split = new("--split") { Description = "Show everything also on the questions that this method answers, and on those that it does not.", HelpName = "name" };
    static readonly Option<int> MaxTokens = new("--max-tokens") { Description = "The longest answer.", HelpName = "n", DefaultValueFactory = _ => new BenchOptions().MaxTokens };
    static readonly Option<int?> Batch = new("--batch") { Description = "Probes that are answered, and written down, together; by the size of the model if not given.", HelpName = "n" };
    static readonly Option<string> Output = new("--output", "--out", "-o") { Description = "Folder for the results; made if it is not there. Measuring goes on from what is in it.", HelpName = "folder", DefaultValueFactory = _ => "bench" };
    static readonly Option<bool> Json = new("--json") { Description = "Print JSON, for other programs." };

    public static Command Create()
    {
        var command = new Verb("bench", "Compare pruning methods on the same questions: tokens, accuracy, difference to all tokens.")
        {
            Methods, Keep, ProbeOptions.Model, ProbeOptions.Data, ProbeOptions.Count, ProbeOptions.Seed, ProbeOptions.Kinds, AtStage, At, PositionIds, Split,
            MaxTokens, Batch, ComputeOptions.Where, ComputeOptions.Type, Output, Json,
        };
        command.Details =
            """
            The model with all of its tokens runs first, in the same process. Answers count by what the right ones look like - a letter, a number, yes or no, any
            words - and the table says which. They are written down every few questions: stopped or killed, the same command goes on from there, and one with
            more methods, budgets or questions asks only for what is new. Writes answers.jsonl and answers.parquet (every answer), results.csv and
            results.parquet (every method by kind of question).

            A file holds a public class that implements ITokenPruner, or a public static property such as
              public static ITokenPruner Mine => Score.ReceivedAttention().Then(Choose.Top);
            It works at the projector, or where --at says. A public static PruningMethod says its stages itself.
            """;
        command.Examples =
        [
            ("Two methods and a file of your own, with a half and a quarter of the tokens.", "prune bench --methods hiprune divprune ./Mine.cs --keep 0.5 0.25"),
            ("Everything there is, on 300 scenes.", "prune bench --methods all --keep 0.5 0.25 0.11 0.06 --n 300 --output leaderboard"),
            ("Another model and questions of your own.", "prune bench --model ~/models/llava-1.5-7b-hf --data questions.jsonl --methods fastv visionzip --keep 128 64"),
        ];
        command.SetAction((parse, cancel) => Task.Run(() => Run(parse, cancel), CancellationToken.None));
        return command;
    }

    static int Run(ParseResult parse, CancellationToken cancel)
    {
        // All that can be wrong with the command line or its files is found before a model is loaded.
        IReadOnlyList<PruningMethod> methods;
        try
        {
            methods = MethodsOf(parse);
        }
        catch (MethodFileException e)
        {
            parse.InvocationConfiguration.Error.WriteLine(e.Message);
            return CommandLine.Failed;
        }
        TokenBudget[] keep = [.. parse.GetValue(Keep)!.Select(PlanOptions.Budget)];
        string? split = parse.GetValue(Split);
        if (split is not null && !methods.Any(method => method.Slug.Equals(split, StringComparison.OrdinalIgnoreCase)))
            throw new UsageException($"--split names one of the --methods; '{split}' is not among them.");
        var probes = ProbeOptions.Probes(parse);
        string folder = parse.GetValue(Output)!;
        if (File.Exists(folder)) throw new IOException($"'{folder}' is a file; --output is a folder for the results.");
        Directory.CreateDirectory(folder);

        var screen = Screen.Of(parse);
        using var model = ComputeOptions.Load(parse, parse.GetValue(ProbeOptions.Model)!);
        var options = new BenchOptions { MaxTokens = parse.GetValue(MaxTokens), Batch = parse.GetValue(Batch) };
        options = options with { Journal = Path.Combine(folder, JournalName(Benchmark.WorkOf(model, options))) };
        var entries = BenchEntry.All(methods, keep, model.Dimensions, parse.GetValue(AtStage) ? BudgetMeaning.AtStage : BudgetMeaning.AveragePerLayer, PositionsOf(parse));
        BenchResult result;
        var heard = new HeardProgress();
        try
        {
            result = screen.WithBar("answering", say => Benchmark.Run(model, probes, entries, options, new HeardProgress(say, heard), cancel));
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            throw new StoppedException($"Stopped: {heard.Last.Done} of {heard.Last.Count} answers are there and kept in {options.Journal}; the same command goes on from there.");
        }
        BenchScore[] scores = [.. result.Scores()], halves = split is null ? [] : [.. result.Split(split)];
        Write(folder, result, [.. scores, .. halves]);
        if (parse.GetValue(Json)) screen.Json(JsonSerializer.SerializeToNode(scores.Concat(halves), JsonSerializerOptions.Web)!);
        else Show(screen, result, folder, scores, halves);
        return 0;
    }

    static void Show(Screen screen, BenchResult result, string folder, BenchScore[] scores, BenchScore[] halves)
    {
        screen.Line($"{result.Model}, {result.Probes.Count} questions about {result.Probes.Select(probe => probe.Image).Distinct().Count()} pictures; answers count by {BenchTables.Scoring(result)}");
        foreach (var table in BenchTables.Of(scores).Concat(halves.Length == 0 ? [] : BenchTables.Of(halves)))
        {
            screen.Line();
            screen.Show(table);
        }
        foreach (string note in BenchTables.Notes(result))
        {
            screen.Line();
            screen.Line(note);
        }
        screen.Line();
        screen.Line($"answers.jsonl, answers.parquet, results.csv, results.parquet in {folder}");
    }

    static void Write(string folder, BenchResult result, BenchScore[] scores)
    {
        BenchAnswer[] answers = [.. result.Answers()];
        foreach (string ending in new[] { "jsonl", "parquet" }) TableFile.Write(Path.Combine(folder, $"answers.{ending}"), answers);
        foreach (string ending in new[] { "csv", "parquet" }) TableFile.Write(Path.Combine(folder, $"results.{ending}"), scores);
    }

    // Answers of another model, or of another build of the library, go into another file: none of them is lost, and none is taken for one of these.
    static string JournalName(string work) => $"journal-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(work)))[..8]}.jsonl";

    static List<PruningMethod> MethodsOf(ParseResult parse)
    {
        List<PruningMethod> methods = [];
        string[] names = [.. parse.GetValue(Methods)!.Distinct()];
        var stage = parse.GetValue(At) is { } at ? PlanOptions.StageOf(at) : Stage.Projector;
        if (parse.GetValue(At) is not null && !names.Any(IsFile)) throw new UsageException("--at is for methods from files; those of the catalogue work where their papers say.");
        foreach (string name in names)
        {
            if (IsFile(name)) methods.AddRange(MethodFile.Load(name, stage));
            else if (name.Equals("all", StringComparison.OrdinalIgnoreCase)) methods.AddRange(MethodCatalogue.All);
            else methods.Add(MethodCatalogue.Find(name));
        }
        return [.. methods.Distinct()];
    }

    static bool IsFile(string name) => name.EndsWith(".cs", StringComparison.OrdinalIgnoreCase);

    static Positions? PositionsOf(ParseResult parse) => parse.GetValue(PositionIds) switch { "keep" => Positions.Keep, "renumber" => Positions.Renumber, _ => null };
}
