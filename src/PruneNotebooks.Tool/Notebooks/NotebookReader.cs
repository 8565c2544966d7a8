using System.Text;
using System.Text.Json;

namespace PruneNotebooks.Tool.Notebooks;

/// <summary>Walks through the bytes of a notebook and notes where in them everything lies.</summary>
sealed class NotebookReader(byte[] bytes, string name)
{
    static readonly JsonReaderOptions Reading = new() { MaxDepth = 512 };
    static readonly JsonDocumentOptions Values = new() { MaxDepth = 512 };

    /// <summary>Where the JSON begins: behind a byte order mark, if there is one.</summary>
    readonly int offset = bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0;
    int codeCells;

    /// <summary>Reads the notebook.</summary>
    /// <exception cref="NotebookFormatException">It is JSON, but no notebook of nbformat 4.</exception>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public Notebook Read()
    {
        if (!System.Text.Unicode.Utf8.IsValid(bytes)) throw Damaged("it is not UTF-8 text");
        if (bytes.AsSpan(offset).Trim(" \t\r\n"u8).IsEmpty) throw new NotebookFormatException($"{name} is not a notebook: the file is empty.");
        var reader = new Utf8JsonReader(bytes.AsSpan(offset), Reading);
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject) throw NotANotebook("it holds a JSON " + Kind(reader.TokenType));
        List<NotebookCell>? cells = null;
        long? major = null, minor = null;
        string? language = null;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            string? key = reader.GetString();
            reader.Read();
            switch (key)
            {
                case "cells": cells = ReadCells(ref reader); break;
                case "nbformat": major = Integer(ref reader, key); break;
                case "nbformat_minor": minor = Integer(ref reader, key); break;
                case "metadata": language = ReadLanguage(Value(ref reader)); break;
                default: reader.Skip(); break;
            }
        }
        reader.Read();   // throws on anything but white space after the object
        if (major is null) throw NotANotebook("it has no 'nbformat'");
        if (major != 4)
            throw new NotebookFormatException($"{name} is in nbformat {major}.{minor ?? 0}; this program reads nbformat 4: open it in Jupyter and save it again.");
        if (cells is null) throw NotANotebook("it has no 'cells'");
        return new() { Name = name, Bytes = bytes, Cells = cells, Language = language, HasCellIds = minor >= 5 };
    }

    List<NotebookCell> ReadCells(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray) throw NotANotebook("its 'cells' is no array");
        var cells = new List<NotebookCell>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartObject) throw Damaged($"cell {cells.Count + 1} is a JSON {Kind(reader.TokenType)}, not an object");
            cells.Add(ReadCell(ref reader, cells.Count + 1));
        }
        return cells;
    }

    NotebookCell ReadCell(ref Utf8JsonReader reader, int position)
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
            JsonElement value = Value(ref reader);
            lastEnd = offset + (int)reader.BytesConsumed;
            var at = new NotebookCell.Span(keyStart, valueStart, lastEnd);
            switch (key)
            {
                case "cell_type": kind = ReadKind(value, position); break;
                case "source": source = value.AsLines() ?? throw Damaged($"the source of cell {position} is no text"); break;
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
        if (outputsAt is not null && outputs.ValueKind != JsonValueKind.Array)
            throw Damaged($"the 'outputs' of cell {position} is no array");
        return new()
        {
            Number = kind == CellKind.Code && !string.IsNullOrWhiteSpace(source) ? ++codeCells : 0,
            Kind = kind.Value,
            Source = source,
            Id = id,
            Tags = ReadTags(metadata),
            Language = metadata.At("polyglot_notebook", "kernelName").AsText() ?? metadata.At("dotnet_interactive", "language").AsText(),
            Outputs = outputs,
            Attachments = attachments,
            Bounds = new(start, start, offset + (int)reader.BytesConsumed),
            OutputsAt = outputsAt,
            CountAt = countAt,
            LastValueEnd = lastEnd,
        };
    }

    JsonElement Value(ref Utf8JsonReader reader)
    {
        int start = (int)reader.TokenStartIndex;
        reader.Skip();
        return JsonDocument.Parse(bytes.AsMemory((offset + start)..(offset + (int)reader.BytesConsumed)), Values).RootElement;
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
        (metadata.At("kernelspec", "language").AsText() ?? metadata.At("language_info", "name").AsText())?.ToLowerInvariant();

    static string[] ReadTags(JsonElement metadata) =>
        metadata.At("tags") is { ValueKind: JsonValueKind.Array } tags ? [.. tags.EnumerateArray().Select(tag => tag.AsText()).OfType<string>()] : [];

    static string Kind(JsonTokenType token) => token switch
    {
        JsonTokenType.StartArray => "array",
        JsonTokenType.StartObject => "object",
        _ => token.ToString().ToLowerInvariant(),
    };

    NotebookFormatException NotANotebook(string why) => new($"{name} is not a notebook: {why}.");
    NotebookFormatException Damaged(string why) => new($"{name} is damaged: {why}.");
}
