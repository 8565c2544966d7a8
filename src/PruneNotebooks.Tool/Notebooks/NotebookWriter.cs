using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PruneNotebooks.Tool.Notebooks;

/// <summary>
/// Collects the changes to a notebook and applies them to its bytes. A value that says the same as before keeps its bytes, so a run
/// with identical outputs gives an identical file.
/// </summary>
public sealed class NotebookWriter(Notebook notebook)
{
    readonly List<(int Start, int End, string Text)> changes = [];
    readonly JsonLayout layout = JsonLayout.Of(notebook.Bytes.Span);

    /// <summary>Gives a code cell its new outputs and execution count (null for a cell that did not run).</summary>
    public void SetResult(NotebookCell cell, JsonArray outputs, int? count)
    {
        if (cell.OutputsAt is not { } at) Add(cell, "outputs", outputs);
        else if (!Same(cell.Outputs, outputs)) changes.Add((at.Start, at.End, layout.Print(outputs, Margin(at))));
        string number = count is { } n ? JsonValue.Create(n).ToJsonString() : "null";
        if (cell.CountAt is not { } place) Add(cell, "execution_count", count);
        else if (Encoding.UTF8.GetString(notebook.Bytes.Span[place.Start..place.End]) != number) changes.Add((place.Start, place.End, number));
    }

    /// <summary>Puts the code of an injected step behind its cell, or in its place; the tag also names the new cell.</summary>
    public void PutCode(Step step, string tag, JsonArray outputs)
    {
        var cell = new JsonObject { ["cell_type"] = "code", ["execution_count"] = step.Number };
        if (notebook.HasCellIds) cell["id"] = UnusedId(tag);
        cell["metadata"] = new JsonObject { ["tags"] = new JsonArray(tag) };
        cell["outputs"] = outputs.DeepClone();
        cell["source"] = CellOutputs.Lines(step.Source);
        NotebookCell.Span at = step.Cell.Bounds;
        string margin = Margin(at), text = layout.Print(cell, margin);
        string gap = layout.NewLine.Length > 0 ? layout.NewLine + margin : " ";
        changes.Add(step.Replaces ? (at.Start, at.End, text) : (at.End, at.End, "," + gap + text));
    }

    /// <summary>The bytes of the notebook with all changes.</summary>
    public byte[] ToBytes()
    {
        using var result = new MemoryStream();
        int done = 0;
        foreach ((int start, int end, string text) in changes.OrderBy(change => change.Start).ThenBy(change => change.End))
        {
            result.Write(notebook.Bytes.Span[done..start]);
            result.Write(Encoding.UTF8.GetBytes(text));
            done = end;
        }
        result.Write(notebook.Bytes.Span[done..]);
        return result.ToArray();
    }

    void Add(NotebookCell cell, string key, JsonNode? value)
    {
        NotebookCell.Span first = cell.OutputsAt ?? cell.CountAt ?? cell.Bounds;
        string margin = first == cell.Bounds ? Margin(first) + layout.Indent : Margin(first);
        string gap = layout.NewLine.Length > 0 ? layout.NewLine + margin : " ";
        changes.Add((cell.LastValueEnd, cell.LastValueEnd, $",{gap}\"{key}\": {layout.Print(value, margin)}"));
    }

    /// <summary>The white space before the key, if the key begins its line.</summary>
    string Margin(NotebookCell.Span at)
    {
        ReadOnlySpan<byte> before = notebook.Bytes.Span[..at.KeyStart];
        ReadOnlySpan<byte> margin = before[(before.LastIndexOf((byte)'\n') + 1)..];
        return margin.IndexOfAnyExcept((byte)' ', (byte)'\t') < 0 ? Encoding.UTF8.GetString(margin) : "";
    }

    string UnusedId(string wanted)
    {
        var taken = notebook.Cells.Select(cell => cell.Id).ToHashSet();
        return Enumerable.Range(1, int.MaxValue).Select(i => i == 1 ? wanted : $"{wanted}-{i}").First(id => !taken.Contains(id));
    }

    /// <summary>Whether two outputs say the same; a text may be one string or an array of lines.</summary>
    static bool Same(JsonElement old, JsonArray @new) => JsonNode.DeepEquals(JoinLines(Node(old)), JoinLines(@new));

    static JsonNode? JoinLines(JsonNode? value) => value switch
    {
        JsonArray { Count: > 0 } lines when lines.All(line => line is JsonValue leaf && leaf.TryGetValue(out string? _))
            => string.Concat(lines.Select(line => line!.GetValue<string>())),
        JsonArray items => new JsonArray([.. items.Select(JoinLines)]),
        JsonObject map => new JsonObject(map.Select(item => KeyValuePair.Create(item.Key, JoinLines(item.Value)))),
        _ => value?.DeepClone(),
    };

    static JsonNode? Node(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => new JsonObject(value.EnumerateObject().DistinctBy(p => p.Name).Select(p => KeyValuePair.Create(p.Name, Node(p.Value)))),
        JsonValueKind.Array => new JsonArray([.. value.EnumerateArray().Select(Node)]),
        JsonValueKind.Null or JsonValueKind.Undefined => null,
        _ => JsonValue.Create(value),
    };
}
