using System.Text;
using System.Text.Json;

namespace PruneNotebooks.Tool.Notebooks;

/// <summary>A cell that no longer says what the committed notebook says.</summary>
/// <param name="Cell">The number of the cell in the committed notebook.</param>
/// <param name="Removed">Lines of the committed text that are gone.</param>
/// <param name="Added">Lines of this run that are new.</param>
public sealed record OutputDifference(int Cell, IReadOnlyList<string> Removed, IReadOnlyList<string> Added);

/// <summary>Compares the text of a run with the text that the notebook holds, whichever front end has saved it.</summary>
/// <remarks>Measured times and gains in time are not compared.</remarks>
public static class OutputCheck
{
    /// <summary>Cells with this tag show something else at each run and are not compared; nbval reads it so, too.</summary>
    public const string IgnoreTag = "nbval-ignore-output";

    /// <summary>A live session tells on which machine it computes; a run for the file does not.</summary>
    const string Announcement = "Computing on ";

    /// <summary>The cells whose text differs, in order.</summary>
    public static IReadOnlyList<OutputDifference> Compare(ExecutedNotebook run) =>
        [.. run.Cells.Where(cell => !cell.Step.Injected && !cell.Step.Cell.Has(IgnoreTag))
            .Select(cell => Difference(cell.Step.Cell.Number, Lines(cell.Step.Cell.Outputs), Lines(JsonSerializer.SerializeToElement(cell.Outputs))))
            .OfType<OutputDifference>()];

    static OutputDifference? Difference(int cell, string[] committed, string[] now)
    {
        if (committed.SequenceEqual(now)) return null;
        int start = committed.Zip(now).TakeWhile(pair => pair.First == pair.Second).Count();
        int end = committed.Skip(start).Reverse().Zip(now.Skip(start).Reverse()).TakeWhile(pair => pair.First == pair.Second).Count();
        return new(cell, committed[start..^end], now[start..^end]);
    }

    static string[] Lines(JsonElement outputs)
    {
        if (outputs.ValueKind != JsonValueKind.Array) return [];
        var text = new StringBuilder();
        foreach (JsonElement output in outputs.EnumerateArray())
        {
            if (output.At("output_type").AsText() == "stream")
            {
                // Under Jupyter the kernel shows what its compiler remarks about versions of assemblies.
                if (output.At("text").AsLines()?.TrimStart().StartsWith("warning CS1701", StringComparison.Ordinal) == true) continue;
                text.Append(output.At("text").AsLines());
                continue;
            }
            if (Shown(output) is not { } shown) continue;
            if (text.Length > 0 && text[^1] != '\n') text.Append('\n');
            text.Append(shown).Append('\n');
        }
        string all = MeasuredTimes.Masked(CellOutputs.AfterCarriageReturns(text.ToString()).ReplaceLineEndings("\n").TrimEnd('\n'));
        return all.Length == 0 ? [] : [.. all.Split('\n').Where(line => !line.StartsWith(Announcement, StringComparison.Ordinal)).Select(line => line.TrimEnd())];
    }

    /// <summary>What an output says; null for what the kernel says about itself.</summary>
    static string? Shown(JsonElement output)
    {
        if (output.At("output_type").AsText() == "error") return Error(output.At("ename").AsText(), output.At("evalue").AsText());
        if (output.At("data") is not { ValueKind: JsonValueKind.Object } data) return "";
        if (data.EnumerateObject().Any(value => value.Value.AsLines() is { } text && CommittedForm.IsBoilerplate(text))) return null;
        return data.At("text/plain").AsLines() ?? (data.At("text/html").AsLines() is { } html ? new Html(html).Text : "");
    }

    /// <summary>Other front ends save the kernel's own words, in which the name, the message and the places are one text.</summary>
    static string Error(string? name, string? message)
    {
        if (name != "Error") return $"{name}: {message}";
        CellError error = CellError.Of(0, message ?? "", new());
        return $"{error.Name}: {error.Message}";
    }
}
