using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using PruneNotebooks.Models;
using PruneNotebooks.Pruners;
using PruneNotebooks.Runtime;
using PruneNotebooks.Tokens;
using TorchSharp;

namespace PruneNotebooks.Tool.Commands;

/// <summary><c>prune select</c>: runs a method on the tensors of another program.</summary>
static class SelectCommand
{
    static readonly Option<string> In = new("--in", "-i") { Description = "A safetensors file with the signals that the method needs; - reads it from standard input.", HelpName = "file", Required = true };
    static readonly Option<string?> Grid = new("--grid") { Description = "Rows and columns of the tokens; a square if not given and their number is one.", HelpName = "HxW" };
    static readonly Option<string?> Out = new("--out", "-o") { Description = "A .json or .safetensors file to write; if not given, JSON is printed.", HelpName = "file" };

    public static Command Create()
    {
        var command = new Verb("select", "Choose tokens by a method from tensors that another program dumped: indices and scores as JSON.")
        {
            PlanOptions.Method, In, PlanOptions.Keep, PlanOptions.At, Grid, Out,
        };
        command.Details =
            """
            Tensors by name, for one image of N tokens (H heads; S is N, or N+1 with the class token first; T tokens of the prompt):
              features [N, D]                     the visual tokens
              text_features [Q, D]                the question's tokens
              vision_features [N, Dv]             a layer of the vision tower
              cls_attention [H, N]                the class token's attention
              vision_attention_received [H, N]    mean over all of the tower's tokens
              vision_attention [H, S, S]          or the tower's whole attention
              last_token_attention [H, N]         the prompt's last token, in the decoder
              text_attention [H, Q, N]            the question's tokens, in the decoder
              decoder_attention_received [H, N]   mean over all tokens of the prompt
              decoder_attention [H, T, T]         or the decoder's whole attention, with the metadata visual_start
            Give all layers as [L, ...], or single ones as name.22 with the metadata vision_layers or decoder_layers. The metadata feature_layer
            says which layer of the tower the tokens come from; -2 if absent.
            """;
        command.Examples =
        [
            ("64 tokens by their features.", "prune select --method divprune --in dump.safetensors --keep 64"),
            ("A quarter of a grid of 24 rows and columns, into a file.", "prune select --method hiprune --in dump.safetensors --keep 0.25 --grid 24x24 --out kept.json"),
            ("How to write a dump from Python.", "python -c \"from safetensors.torch import save_file; save_file({'features': x}, 'dump.safetensors')\""),
        ];
        command.SetAction(Run);
        return command;
    }

    static void Run(ParseResult parse)
    {
        var method = MethodCatalogue.Find(parse.GetValue(PlanOptions.Method) ?? throw new UsageException("Say which method chooses: --method name; 'prune methods' lists them."));
        var budget = PlanOptions.Budget(parse) ?? throw new UsageException("Say how many tokens stay: --keep 64, or --keep 0.25 for a quarter.");
        var (grid, stage) = (GridOf(parse), PlanOptions.StageOf(parse) ?? method.Stage);
        string? path = parse.GetValue(Out);
        if (path is not null && Path.GetExtension(path) is not (".json" or ".safetensors")) throw new UsageException($"--out ends in .json or .safetensors; it was '{path}'.");

        string name = parse.GetValue(In)!;
        if (Directory.Exists(name)) throw new ArgumentException($"'{name}' is a folder; --in is a safetensors file.");
        using var scope = torch.NewDisposeScope();
        using var file = name == "-" ? SafetensorsFile.Open(StandardInput(), "standard input") : SafetensorsFile.Open(name);
        var pruner = method.Create();
        var context = new DumpedSignals(file, name == "-" ? "standard input" : name, grid?.Count).Context(pruner.Needs, stage, grid);
        using var selection = Select(pruner, context, budget);
        if (path is null) Screen.Of(parse).Json(ToJson(method, budget, selection));
        else if (Path.GetExtension(path) == ".json") AtomicFile.Write(path, Encoding.UTF8.GetBytes(Screen.ToJson(ToJson(method, budget, selection)) + "\n"));
        else WriteTensors(path, method, selection);
    }

    static TokenSelection Select(ITokenPruner pruner, PruningContext context, TokenBudget budget)
    {
        try
        {
            return pruner.Select(context, budget);
        }
        catch (InvalidOperationException e)
        {
            // The method's own sentence about what it lacks, such as a grid.
            throw new ArgumentException($"{e.Message} Say how the tokens lie with --grid HxW.", e);
        }
    }

    static JsonObject ToJson(PruningMethod method, TokenBudget budget, TokenSelection selection) => new()
    {
        ["method"] = method.Slug,
        ["tokens"] = selection.Tokens,
        ["budget"] = $"{budget}",
        ["kept"] = selection.Count,
        ["indices"] = new JsonArray([.. selection.Kept.Select(index => JsonValue.Create(index))]),
        ["scores"] = selection.Scores is null ? null : new JsonArray([.. selection.Scores.Select(Number)]),
    };

    // JSON has no infinity; the first token of a greedy method can have that score.
    static JsonNode? Number(float score) => float.IsFinite(score) ? JsonValue.Create(score) : null;

    static void WriteTensors(string path, PruningMethod method, TokenSelection selection)
    {
        Dictionary<string, torch.Tensor> tensors = new() { ["indices"] = selection.ToTensor() };
        if (selection.Scores is { } scores) tensors["scores"] = torch.tensor(scores.ToArray());
        if (selection.Features is { } merged) tensors["features"] = merged;
        SafetensorsWriter.Write(path, tensors, new Dictionary<string, string> { ["method"] = method.Slug, ["tokens"] = selection.Tokens.ToString(CultureInfo.InvariantCulture) });
    }

    static TokenGrid? GridOf(ParseResult parse)
    {
        if (parse.GetValue(Grid) is not { } text) return null;
        string[] parts = text.Split('x', 'X');
        return parts.Length == 2 && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int height) && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int width)
            ? new TokenGrid(height, width)
            : throw new UsageException($"--grid is rows x columns, such as 24x24; it was '{text}'.");
    }

    static byte[] StandardInput()
    {
        using var stream = Console.OpenStandardInput();
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}
