using System.CommandLine;
using System.Text.Json.Nodes;
using PruneNotebooks.Tool.Diagnosis;
using PruneNotebooks.Tool.Torch;
using Spectre.Console;

namespace PruneNotebooks.Tool.Commands;

/// <summary><c>prune doctor</c>: what works on this machine, what does not, and what to do next.</summary>
static class DoctorCommand
{
    static readonly Option<bool> Json = new("--json") { Description = "Print JSON, for other programs." };

    public static Command Create()
    {
        var command = new Verb("doctor", "Say what works on this machine, what does not, and what to do next.") { Json };
        command.Details =
            """
            Looks at native libraries (with the operating system's own messages), the GPU's driver, the device that models compute on, the notebook
            kernel, models and caches, and asks the model that comes along a question. Changes nothing. Exit code 1 if something needed is missing.
            """;
        command.Examples = [("Look.", "prune doctor"), ("For a report or a script.", "prune doctor --json")];
        command.NeedsTorch = false;
        command.SetAction(RunAsync);
        return command;
    }

    static async Task<int> RunAsync(ParseResult parse, CancellationToken cancel)
    {
        var screen = Screen.Of(parse);
        bool json = parse.GetValue(Json);
        List<Check> all = [];
        Tell(SystemChecks.All());
        Tell(await TorchChecks.AllAsync(TorchBackend.Asked(parse), cancel));
        Tell(await NotebookChecks.AllAsync(Directory.GetCurrentDirectory(), cancel));
        Tell(ModelChecks.All(torch: all.Single(check => check.Topic == "libtorch").Health));
        int bad = all.Count(check => check.Health == Health.Bad), warnings = all.Count(check => check.Health == Health.Warn);
        if (json) screen.Json(new JsonArray([.. all.Select(ToJson)]));
        else screen.Line(bad > 0 ? $"{bad} needed things are missing; the lines marked 'bad' say what to do." : warnings > 0 ? $"All that is needed is there; {warnings} things could be better." : "All is well.");
        return bad > 0 ? CommandLine.Failed : 0;

        void Tell(IEnumerable<Check> checks)
        {
            foreach (var check in checks)
            {
                all.Add(check);
                if (!json) Show(screen, check);
            }
        }
    }

    /// <summary>A line for a check, and one for what to do about it.</summary>
    public static void Show(Screen screen, Check check)
    {
        var (mark, colour) = check.Health switch { Health.Ok => ("ok  ", Color.Green), Health.Warn => ("warn", Color.Yellow), _ => ("bad ", Color.Red) };
        screen.Item(mark, colour, check.Topic.PadRight(14), check.Finding);
        if (check.NextStep is not null) screen.Item("", colour, "".PadRight(14), $"-> {check.NextStep}");
    }

    static JsonNode ToJson(Check check) => new JsonObject
    {
        ["topic"] = check.Topic,
        ["health"] = $"{check.Health}".ToLowerInvariant(),
        ["finding"] = check.Finding,
        ["nextStep"] = check.NextStep,
    };
}
