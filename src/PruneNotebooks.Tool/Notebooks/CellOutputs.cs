using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace PruneNotebooks.Tool.Notebooks;

/// <summary>Gathers what a cell shows, in the order in which it shows it, as outputs of nbformat 4.</summary>
/// <remarks>Keys are in alphabetical order, as Jupyter and VS Code save them.</remarks>
public sealed partial class CellOutputs
{
    readonly List<JsonObject> outputs = [];
    readonly Dictionary<string, JsonObject> displays = [];

    /// <summary>The last line of text that the cell showed: what a progress line repeats.</summary>
    public string LastLine { get; private set; } = "";

    /// <summary>Takes an event; events that show nothing are ignored.</summary>
    internal void Add(KernelEvent e, int count)
    {
        switch (e.Type)
        {
            case "StandardOutputValueProduced": AddText("stdout", PlainText(e)); break;
            case "StandardErrorValueProduced": AddText("stderr", PlainText(e)); break;
            case "DisplayedValueProduced": AddBundle(e, new() { ["output_type"] = "display_data" }); break;
            case "ReturnValueProduced": AddBundle(e, new() { ["execution_count"] = count, ["output_type"] = "execute_result" }); break;
            // Whose value it is, the notebook knows; the text is news in any case.
            case "DisplayedValueUpdated": Note(e.Values.FirstOrDefault(v => v.MimeType == "text/plain").Value ?? ""); break;
        }
    }

    /// <summary>Replaces what a displayed value shows; false when this cell did not display it.</summary>
    /// <remarks>
    /// The kernel gives <c>display(x)</c> another id than the value that it returns, so an update of that one is lost here as it is in every
    /// front end. <c>KernelInvocationContext.Current.Display(x)</c> returns a value whose updates arrive.
    /// </remarks>
    internal bool Update(KernelEvent e)
    {
        if (e.Text("valueId") is not { } id || !displays.TryGetValue(id, out JsonObject? output)) return false;
        JsonObject? data = CommittedForm.Of(e.Values);
        if (data is null) outputs.Remove(output);
        else if (!outputs.Contains(output)) outputs.Add(output);
        Fill(output, data ?? []);
        return true;
    }

    /// <summary>Ends the outputs with an error.</summary>
    internal void Add(CellError error) => outputs.Add(new()
    {
        ["ename"] = error.Name,
        ["evalue"] = error.Message,
        ["output_type"] = "error",
        ["traceback"] = new JsonArray([.. error.Traceback.Select(line => JsonValue.Create(line))]),
    });

    /// <summary>The outputs as the file holds them.</summary>
    public JsonArray ToJson() => new([.. outputs.Select(output =>
    {
        var copy = (JsonObject)output.DeepClone();
        if ((string?)copy["output_type"] == "stream") copy["text"] = Lines(AfterCarriageReturns((string)copy["text"]!));
        return copy;
    })]);

    void AddText(string stream, string text)
    {
        if (text.Length == 0) return;
        if (outputs.LastOrDefault() is { } last && (string?)last["name"] == stream) last["text"] = (string?)last["text"] + text;
        else outputs.Add(new() { ["name"] = stream, ["output_type"] = "stream", ["text"] = text });
        Note(text);
    }

    void AddBundle(KernelEvent e, JsonObject output)
    {
        JsonObject? data = CommittedForm.Of(e.Values);
        if (e.Text("valueId") is { } id) displays[id] = output;
        Fill(output, data ?? []);
        if (data is not null) outputs.Add(output);
    }

    void Fill(JsonObject output, JsonObject data)
    {
        string type = (string)output["output_type"]!;
        JsonNode? count = output["execution_count"]?.DeepClone();
        output.Clear();
        output["data"] = data;
        if (type == "execute_result") output["execution_count"] = count;
        output["metadata"] = AlternativeText.AddedTo([], data);
        output["output_type"] = type;
        if (data["text/plain"] is JsonArray lines) Note(string.Concat(lines.Select(line => (string?)line)));
    }

    void Note(string text)
    {
        string line = text.Split(['\n', '\r'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault() ?? "";
        if (line.Length > 0) LastLine = line;
    }

    /// <summary>The text without the colours of a terminal, which Python's tracebacks have.</summary>
    static string PlainText(KernelEvent e) => Colours().Replace(e.Values.Select(v => v.Value).FirstOrDefault() ?? "", "");

    [GeneratedRegex(@"\x1b\[[0-9;]*m")]
    private static partial Regex Colours();

    /// <summary>A progress line that was overwritten in the terminal's way leaves its last state only.</summary>
    internal static string AfterCarriageReturns(string text) => string.Join('\n', text.Split('\n').Select(line =>
    {
        string kept = line.TrimEnd('\r');
        return kept[(kept.LastIndexOf('\r') + 1)..];
    }));

    /// <summary>A text in the format's usual form: an array of lines that keep their line ends.</summary>
    internal static JsonArray Lines(string text)
    {
        var lines = new JsonArray();
        for (int start = 0; start < text.Length;)
        {
            int end = text.IndexOf('\n', start) is var at && at < 0 ? text.Length : at + 1;
            lines.Add((JsonNode)text[start..end]);
            start = end;
        }
        return lines;
    }
}
