using System.CommandLine;
using PruneNotebooks.Display;
using PruneNotebooks.Metrics;
using PruneNotebooks.Models;
using PruneNotebooks.Pruners;
using PruneNotebooks.Scenes;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Tool.Commands;

/// <summary><c>prune ask</c>: a question about a picture, answered with all and with some of its visual tokens.</summary>
static class AskCommand
{
    // A model that is slower than that is not asked dozens of times unless someone wants it.
    static readonly TimeSpan QuickAnswer = TimeSpan.FromSeconds(0.5);

    static readonly Option<string[]> Image = new("--image", "-i") { Description = "The picture: PNG, JPEG, WebP, GIF or BMP. Repeatable, if the model reads several.", HelpName = "file" };
    static readonly Option<ulong?> SceneSeed = new("--scene") { Description = "Instead of a picture: the scene of that number, of which the right answers are known.", HelpName = "number" };
    static readonly Option<string?> Question = new("--question", "-q") { Description = "The question. About a scene: all of its questions if not given.", HelpName = "text" };
    static readonly Option<string> PositionIds = new Option<string>("--positions")
    {
        Description = "keep: tokens keep their position ids; renumber: they are counted anew, as some papers do.", HelpName = "keep|renumber", DefaultValueFactory = _ => "keep",
    }.AcceptOnlyFromAmong("keep", "renumber");
    static readonly Option<string> Model = new("--model") { Description = "Name or folder of the model; 'prune doctor' lists those found.", HelpName = "model", DefaultValueFactory = _ => "scene-llava" };
    static readonly Option<int> MaxTokens = new("--max-tokens") { Description = "The longest answer.", HelpName = "n", DefaultValueFactory = _ => 64 };
    static readonly Option<int?> Runs = new("--runs") { Description = "Rounds over which time is measured, at least 6; 0 shows the time of one run. 20 if not given and the model is quick.", HelpName = "n" };
    static readonly Option<string?> Overlay = new("--overlay") { Description = "Write the picture with the kept patches bright to this PNG file.", HelpName = "file" };
    static readonly Option<bool> Json = new("--json") { Description = "Print JSON, for other programs." };

    public static Command Create()
    {
        var command = new Verb("ask", "Ask a vision-language model about a picture, with all or with some of its visual tokens.")
        {
            Image, SceneSeed, Question, PlanOptions.Method, PlanOptions.Keep, PlanOptions.At, PositionIds, Model, ComputeOptions.Where, ComputeOptions.Type, MaxTokens, Runs, Overlay, Json,
        };
        command.Details =
            """
            Shows the answer, how many tokens stayed, operations, KV cache and time by stage, beside the same model with all tokens. The model that comes
            along, scene-llava, knows drawn scenes only ('prune scenes' shows some) and words such as "what colour is the circle ?".
            """;
        command.Examples =
        [
            ("All questions about a drawn scene, with the right answers.", "prune ask --scene 7"),
            ("One question and a quarter of the tokens.", "prune ask --scene 7 -q \"what colour is the circle ?\" --method divprune --keep 0.25"),
            ("36 tokens from decoder layer 2 on, and a picture of those that stayed.", "prune ask --scene 7 -q \"read the text .\" --method fastv --keep 36 --at decoder:2 --overlay kept.png"),
            ("Another model and a photograph.", "prune ask --model ~/models/llava-1.5-7b-hf --image cat.jpg -q \"What is on the sofa?\" --method fastervlm --keep 64"),
        ];
        command.SetAction((parse, cancel) => Task.Run(() => Run(parse, cancel), CancellationToken.None));
        return command;
    }

    static int Run(ParseResult parse, CancellationToken cancel)
    {
        // All that can be wrong with the command line or its files is found before a model is loaded.
        var planFor = PlanFor(parse);
        Scene? scene = parse.GetValue(SceneSeed) is { } seed ? Scenes.Scenes.Draw(seed) : null;
        string[] files = parse.GetValue(Image) ?? [];
        if ((scene is null) == (files.Length == 0)) throw new UsageException("Say what to look at: --image file, or --scene number.");
        RgbImage[] images = scene is null ? [.. files.Select(RgbImage.Load)] : [scene.Image];
        string[] questions = parse.GetValue(Question) is { } question ? [question]
            : scene is not null ? [.. scene.Questions.Select(q => q.Text)]
            : throw new UsageException("Say what to ask: --question \"...\".");
        if (questions.Any(string.IsNullOrWhiteSpace)) throw new UsageException("The question is empty.");
        string? overlay = OverlayFile(parse);
        TimingOptions? timing = parse.GetValue(Runs) is { } runs && runs != 0 ? new() { Runs = runs } : null;

        var screen = Screen.Of(parse);
        using var model = ComputeOptions.Load(parse, parse.GetValue(Model)!);
        PruningPlan plan = planFor(model.Dimensions);
        Prompt[] prompts = [.. questions.Select(q => model.Ask(q, images))];
        var generation = new GenerationOptions { MaxTokens = parse.GetValue(MaxTokens) };
        var dense = model.Answer(prompts, options: generation, cancellation: cancel);
        var answers = plan.Steps.Count == 0 ? dense : model.Answer(prompts, plan, generation, cancel);
        if (timing is null && parse.GetValue(Runs) is null && answers[0].Trace.Times.Total < QuickAnswer) timing = new();
        TimingReport? times = timing is null ? null : screen.While("measuring", say => Timing.Measure(
            model, [prompts[0]], plan.Steps.Count == 0 ? [] : [("some tokens", plan)],
            timing with { AnswerTokens = dense[0].Tokens.Count, Progress = (done, of) => say($"measuring time, round {done + 1} of {of}") }, cancel));
        var report = new AskReport(model, plan, questions, [.. questions.Select(q => scene?.Questions.FirstOrDefault(known => known.Text == q)?.Answer)], dense, answers, times);

        if (parse.GetValue(Json)) screen.Json(report.ToJson());
        else report.Show(screen);
        if (overlay is not null)
        {
            var first = answers[0];
            Overlays.SideBySide([.. first.Images.Select((image, i) => TokenOverlay.Of(image, first.Trace, i))]).Save(overlay);
        }
        return 0;
    }

    // The paper's stages, or the one that was named.
    static Func<ModelDimensions, PruningPlan> PlanFor(ParseResult parse)
    {
        var (method, keep, at) = (parse.GetValue(PlanOptions.Method), PlanOptions.Budget(parse), PlanOptions.StageOf(parse));
        if (method is null)
            return keep is null && at is null ? _ => PruningPlan.None : throw new UsageException("Say which method chooses the tokens: --method name.");
        var row = MethodCatalogue.Find(method);
        if (keep is null) throw new UsageException($"Say how many tokens {row.Name} keeps: --keep 0.25 for a quarter, --keep 36 for 36 of them.");
        var positions = parse.GetValue(PositionIds) == "renumber" ? Positions.Renumber : Positions.Keep;
        return model => (at is { } stage ? PruningPlan.At(stage, row.Create(), keep) : row.Plan(keep, model)).With(positions);
    }

    static string? OverlayFile(ParseResult parse)
    {
        if (parse.GetValue(Overlay) is not { } file) return null;
        if (!Path.GetExtension(file).Equals(".png", StringComparison.OrdinalIgnoreCase)) throw new UsageException($"An overlay is a PNG file; '{file}' does not end in .png.");
        string folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        return Directory.Exists(folder) ? file : throw new DirectoryNotFoundException($"There is no folder '{folder}' for the overlay.");
    }
}
