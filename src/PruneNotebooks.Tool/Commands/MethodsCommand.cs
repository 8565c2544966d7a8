using System.CommandLine;
using System.Text.Json.Nodes;
using PruneNotebooks.Display;
using PruneNotebooks.Models;
using PruneNotebooks.Pruners;

namespace PruneNotebooks.Tool.Commands;

/// <summary><c>prune methods</c>: the catalogue.</summary>
static class MethodsCommand
{
    static readonly Argument<string?> Slug = new("method") { Description = "The method to show in detail.", Arity = ArgumentArity.ZeroOrOne };
    static readonly Option<bool> Json = new("--json") { Description = "Print JSON, for other programs." };

    public static Command Create()
    {
        var command = new Verb("methods", "List the pruning methods, with their papers, or show one in detail.") { Slug, Json };
        command.Examples =
        [
            ("All methods.", "prune methods"),
            ("One of them: its paper, its options, what it looks at.", "prune methods hiprune"),
            ("For a program.", "prune methods --json"),
        ];
        command.NeedsTorch = false;
        command.SetAction(Run);
        return command;
    }

    static void Run(ParseResult parse)
    {
        var screen = Screen.Of(parse);
        PruningMethod? one = parse.GetValue(Slug) is { } slug ? MethodCatalogue.Find(slug) : null;
        if (parse.GetValue(Json)) screen.Json(one is null ? new JsonArray([.. MethodCatalogue.All.Select(ToJson)]) : ToJson(one));
        else if (one is null) screen.Show(Listing(), spare: ["parts", "needs", "appeared in", "method"]);
        else ShowOne(screen, one);
    }

    // What a method looks at takes a sentence; the name of the tensor says it in a word, and what to dump for 'prune select'.
    static Table Listing() => Table.Of(MethodCatalogue.All,
        ("name", method => method.Slug), ("method", method => method.Name), ("family", method => $"{method.Family}".ToLowerInvariant()), ("arXiv", method => method.ArXiv),
        ("appeared in", method => method.Venue), ("stage", method => method.Stage), ("needs", TensorNames), ("parts", method => method.Parts));

    static string TensorNames(PruningMethod method) => method.Needs.Count == 0 ? "nothing"
        : string.Join(", ", method.Needs.Select(DumpedSignals.NameOf).Distinct().Order(StringComparer.Ordinal));

    static void ShowOne(Screen screen, PruningMethod method)
    {
        screen.Facts(
            ("name", method.Slug),
            ("method", method.Name),
            ("paper", method.Paper),
            ("arXiv", method.ArXiv is { } id ? $"{id}  https://arxiv.org/abs/{id}" : null),
            ("appeared in", method.Venue),
            ("family", $"{method.Family}".ToLowerInvariant()),
            ("stage", $"{method.Stage}"),
            ("positions", $"{method.Positions}".ToLowerInvariant()),
            ("looks at", $"{method.Needs}"),
            ("tensors for select", TensorNames(method)),
            ("parts", method.Parts),
            ("primitives", string.Join(", ", method.Primitives.Select(type => type.Name))),
            ("counting", method.Counting ?? "any budget exactly"));
        var options = MethodText.Options(method.Create());
        if (options.Count == 0) return;
        screen.Line();
        screen.Show(Table.Of(options, ("option", option => option.Name), ("default", option => option.Value)));
    }

    static JsonObject ToJson(PruningMethod method) => new()
    {
        ["slug"] = method.Slug,
        ["name"] = method.Name,
        ["paper"] = method.Paper,
        ["arXiv"] = method.ArXiv,
        ["venue"] = method.Venue,
        ["family"] = $"{method.Family}".ToLowerInvariant(),
        ["stage"] = $"{method.Stage}",
        ["positions"] = $"{method.Positions}".ToLowerInvariant(),
        ["parts"] = method.Parts,
        ["counting"] = method.Counting,
        ["needs"] = new JsonArray([.. method.Needs.Select(signal => (JsonNode)new JsonObject { ["signal"] = signal.Description, ["tensor"] = DumpedSignals.NameOf(signal) })]),
        ["options"] = new JsonObject(MethodText.Options(method.Create()).Select(option => KeyValuePair.Create(option.Name, (JsonNode?)option.Value))),
    };
}
