using System.CommandLine;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using PruneNotebooks.Display;
using PruneNotebooks.Runtime;
using PruneNotebooks.Scenes;

namespace PruneNotebooks.Tool.Commands;

/// <summary><c>prune scenes</c>: draws scenes of the built-in benchmark, with their questions and answers.</summary>
static class ScenesCommand
{
    const string Manifest = "questions.jsonl";

    static readonly Option<ulong> Seed = new("--seed", "-s")
    {
        Description = "Number of the first scene. From 5000000000 on, scenes are held out: the embedded model has never seen them.", HelpName = "number",
        DefaultValueFactory = _ => Scenes.Scenes.FirstHeldOutSeed,
    };
    static readonly Option<int> Count = new("--count", "-n") { Description = "How many scenes.", HelpName = "n", DefaultValueFactory = _ => 9 };
    static readonly Option<string?> Out = new("--out", "-o") { Description = $"Folder for the pictures and {Manifest}; made if it is not there.", HelpName = "folder" };
    static readonly Option<string?> Sheet = new("--sheet") { Description = "PNG file with all scenes side by side.", HelpName = "file" };

    public static Command Create()
    {
        var command = new Verb("scenes", "Draw scenes of the built-in benchmark: pictures, and questions with their answers.") { Seed, Count, Out, Sheet };
        command.Details =
            $"""
            A scene is drawn from its number, the same on every machine. Beside the pictures lies {Manifest}, a line for each question:
            id, image, prompt, answer, category.
            """;
        command.Examples =
        [
            ("Nine pictures and their questions.", "prune scenes --seed 7 --count 9 --out scenes"),
            ("Twelve side by side, to look at.", "prune scenes --seed 7 --count 12 --sheet sheet.png"),
        ];
        command.NeedsTorch = false;
        command.SetAction(Run);
        return command;
    }

    static void Run(ParseResult parse)
    {
        var (folder, sheet, count, screen) = (parse.GetValue(Out), parse.GetValue(Sheet), parse.GetValue(Count), Screen.Of(parse));
        if (folder is null && sheet is null) throw new UsageException("Say where the scenes go: --out folder, --sheet file.png, or both.");
        if (count < 1) throw new ArgumentException($"At least 1 scene is drawn; --count was {count}.");
        Scene[] scenes = [.. Scenes.Scenes.DrawMany(parse.GetValue(Seed), count)];
        if (folder is not null)
        {
            Directory.CreateDirectory(folder);
            foreach (var scene in scenes) scene.Image.Save(Path.Combine(folder, Picture(scene)));
            AtomicFile.Write(Path.Combine(folder, Manifest), Encoding.UTF8.GetBytes(string.Concat(scenes.SelectMany(Lines))));
            screen.Line($"{count} scenes and {scenes.Sum(scene => scene.Questions.Count)} questions in {folder}");
        }
        if (sheet is null) return;
        SceneSheet.Draw(scenes).Save(sheet);
        screen.Line($"{count} scenes on {sheet}");
    }

    static string Picture(Scene scene) => $"scene-{scene.Seed}.png";

    // The manifest comes last, so that it never names a picture that is not there.
    static IEnumerable<string> Lines(Scene scene) => scene.Questions.Select((question, i) => new JsonObject
    {
        ["id"] = $"{scene.Seed}-{i}",
        ["image"] = Picture(scene),
        ["prompt"] = question.Text,
        ["answer"] = question.Answer,
        ["category"] = $"{question.Kind}".ToLowerInvariant(),
    }.ToJsonString(JsonSerializerOptions.Default) + "\n");
}
