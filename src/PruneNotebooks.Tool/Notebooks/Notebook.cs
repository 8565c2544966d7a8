using System.Text;
using System.Text.Json;

namespace PruneNotebooks.Tool.Notebooks;

/// <summary>
/// A Jupyter notebook (nbformat 4) as the bytes of its file plus what a run needs to know about them. The bytes are never parsed
/// and printed again: <see cref="NotebookWriter"/> replaces outputs and execution counts in place and leaves every other byte alone.
/// </summary>
public sealed class Notebook
{
    static readonly JsonReaderOptions Reading = new() { MaxDepth = 512 };
    static readonly JsonDocumentOptions Values = new() { MaxDepth = 512 };

    /// <summary>What messages call this notebook: the path it was read from.</summary>
    public string Name { get; }
    public IReadOnlyList<NotebookCell> Cells { get; }
    /// <summary>The notebook's kernel language in lower case (<c>c#</c>, <c>python</c> ...), or null when the file does not say.</summary>
    public string? Language { get; private set; }
    /// <summary>True from nbformat 4.5 on: every cell has an id.</summary>
    public bool HasCellIds { get; private set; }
    internal ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>Reads a notebook from a file.</summary>
    /// <exception cref="NotebookFormatException">The file is missing, unreadable or no notebook of nbformat 4.</exception>
    public static Notebook Read(string path)
    {
        try
        {
            return Parse(File.ReadAllBytes(path), path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new NotebookFormatException($"{path}: there is no such file.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new NotebookFormatException(Directory.Exists(path) ? $"{path} is a folder; name the notebooks in it." : $"{path} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Reads a notebook from the bytes of its file.</summary>
    /// <exception cref="NotebookFormatException">The bytes are no notebook of nbformat 4.</exception>
    public static Notebook Parse(byte[] bytes, string name)
    {
        try
        {
            return new Notebook(bytes, name);
        }
        catch (JsonException e)
        {
            throw new NotebookFormatException(
                $"{name} is not a notebook: no valid JSON at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1} ({FirstSentence(e.Message)}).", e);
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException or DecoderFallbackException)
        {
            throw new NotebookFormatException($"{name} is damaged: {FirstSentence(e.Message)}.", e);
        }
    }

    Notebook(byte[] bytes, string name)
    {
        Name = name;
        Bytes = bytes;
        Cells = ReadRoot(bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0);
    }

    List<NotebookCell> ReadRoot(int offset)
    {
        if (!System.Text.Unicode.Utf8.IsValid(Bytes.Span)) throw Damaged("it is not UTF-8 text");
        if (Bytes.Span[offset..].Trim(" \t\r\n"u8).IsEmpty) throw new NotebookFormatException($"{Name} is not a notebook: the file is empty.");
        var reader = new Utf8JsonReader(Bytes.Span[offset..], Reading);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject) throw NotANotebook("it holds a JSON " + Kind(reader.TokenType));
        List<NotebookCell>? cells = null;
        long? major = null, minor = null;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            string? key = reader.GetString();
            reader.Read();
            switch (key)
            {
                case "cells": cells = ReadCells(ref reader, offset); break;
                case "nbformat": major = Integer(ref reader, key); break;
                case "nbformat_minor": minor = Integer(ref reader, key); break;
                case "metadata": Language = ReadLanguage(Value(ref reader, offset)); break;
                default: reader.Skip(); break;
            }
        }
        reader.Read();   // throws on anything but white space after the object
        if (major is null) throw NotANotebook("it has no 'nbformat'");
        if (major != 4) throw new NotebookFormatException($"{Name} is in nbformat {major}.{minor ?? 0}; this program reads nbformat 4: open it in Jupyter and save it again.");
        HasCellIds = minor >= 5;
        return cells ?? throw NotANotebook("it has no 'cells'");
    }

    List<NotebookCell> ReadCells(ref Utf8JsonReader reader, int offset)
    {
        if (reader.TokenType != JsonTokenType.StartArray) throw NotANotebook("its 'cells' is no array");
        var cells = new List<NotebookCell>();
        int number = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartObject) throw Damaged($"cell {cells.Count + 1} is a JSON {Kind(reader.TokenType)}, not an object");
            cells.Add(ReadCell(ref reader, offset, cells.Count + 1, ref number));
        }
        return cells;
    }

    NotebookCell ReadCell(ref Utf8JsonReader reader, int offset, int position, ref int number)
    {
        int start = offset + (int)reader.TokenStartIndex, lastEnd = start + 1;
        CellKind? kind = null;
        string? source = null, id = null;
        JsonElement outputs = default, metadata = default, attachments = default;
        NotebookCell.Span? outputsAt = null, countAt = null;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            string? key = reader.GetString();
            int keyStart = offset + (int)reader.TokenStartIndex;
            reader.Read();
            int valueStart = offset + (int)reader.TokenStartIndex;
            JsonElement value = Value(ref reader, offset);
            lastEnd = offset + (int)reader.BytesConsumed;
            var at = new NotebookCell.Span(keyStart, valueStart, lastEnd);
            switch (key)
            {
                case "cell_type": kind = ReadKind(value, position); break;
                case "source": source = Text(value) ?? throw Damaged($"the source of cell {position} is no text"); break;
                case "id": id = value.ValueKind == JsonValueKind.String ? value.GetString() : null; break;
                case "metadata": metadata = value; break;
                case "attachments": attachments = value; break;
                case "outputs" when outputsAt is not null: throw Damaged($"cell {position} has two 'outputs'");
                case "outputs": (outputs, outputsAt) = (value, at); break;
                case "execution_count" when countAt is not null: throw Damaged($"cell {position} has two 'execution_count'");
                case "execution_count": countAt = at; break;
            }
        }
        if (kind is null) throw Damaged($"cell {position} has no 'cell_type'");
        if (source is null) throw Damaged($"cell {position} has no 'source'");
        if (outputsAt is not null && outputs.ValueKind != JsonValueKind.Array) throw Damaged($"the 'outputs' of cell {position} is no array");
        return new()
        {
            Number = kind == CellKind.Code && !string.IsNullOrWhiteSpace(source) ? ++number : 0,
            Kind = kind.Value,
            Source = source,
            Id = id,
            Tags = ReadTags(metadata),
            Language = Property(Property(metadata, "polyglot_notebook"), "kernelName").AsText() ?? Property(Property(metadata, "dotnet_interactive"), "language").AsText(),
            Outputs = outputs,
            Attachments = attachments,
            Bounds = new(start, start, offset + (int)reader.BytesConsumed),
            OutputsAt = outputsAt,
            CountAt = countAt,
            LastValueEnd = lastEnd,
        };
    }

    JsonElement Value(ref Utf8JsonReader reader, int offset)
    {
        int start = (int)reader.TokenStartIndex;
        reader.Skip();
        return JsonDocument.Parse(Bytes[(offset + start)..(offset + (int)reader.BytesConsumed)], Values).RootElement;
    }

    CellKind ReadKind(JsonElement value, int position) => value.AsText() switch
    {
        "code" => CellKind.Code,
        "markdown" => CellKind.Markdown,
        "raw" => CellKind.Raw,
        _ => throw Damaged($"the 'cell_type' of cell {position} is {value.GetRawText()}; expected \"code\", \"markdown\" or \"raw\""),
    };

    long Integer(ref Utf8JsonReader reader, string key) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out long number) ? number : throw NotANotebook($"its '{key}' is no whole number");

    static string? ReadLanguage(JsonElement metadata) =>
        (Property(Property(metadata, "kernelspec"), "language").AsText() ?? Property(Property(metadata, "language_info"), "name").AsText())?.ToLowerInvariant();

    static string[] ReadTags(JsonElement metadata) =>
        Property(metadata, "tags") is { ValueKind: JsonValueKind.Array } tags ? [.. tags.EnumerateArray().Select(tag => tag.AsText()).OfType<string>()] : [];

    /// <summary>A text of the format: a string, or an array of strings that belong together.</summary>
    internal static string? Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Array when value.EnumerateArray().All(line => line.ValueKind == JsonValueKind.String)
            => string.Concat(value.EnumerateArray().Select(line => line.GetString())),
        _ => null,
    };

    internal static JsonElement Property(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out JsonElement found) ? found : default;

    static string Kind(JsonTokenType token) => token switch
    {
        JsonTokenType.StartArray => "array",
        JsonTokenType.StartObject => "object",
        _ => token.ToString().ToLowerInvariant(),
    };

    static string FirstSentence(string message) => message.Split(". ")[0].TrimEnd('.');

    NotebookFormatException NotANotebook(string why) => new($"{Name} is not a notebook: {why}.");
    NotebookFormatException Damaged(string why) => new($"{Name} is damaged: {why}.");
}

static class JsonElementText
{
    /// <summary>The text of a JSON string; null for anything else.</summary>
    public static string? AsText(this JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
