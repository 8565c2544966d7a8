using System.Globalization;
using System.Net;
using System.Text;

namespace PruneNotebooks.Display;

/// <summary>A small table of results that looks right as plain text and in a notebook.</summary>
/// <remarks>Cells are shown as they read best: numbers with three significant digits, times with their unit, booleans as yes and no, nothing for <see langword="null"/>.</remarks>
/// <example><code>Table.Of(results, ("method", r => r.Name), ("accuracy", r => Units.Percent(r.Accuracy)), ("prefill", r => r.Prefill))</code></example>
public sealed record Table
{
    const int MostRows = 100; // shown; a longer table is cut

    readonly string[][] cells;

    /// <summary>A table from its rows.</summary>
    /// <param name="columns">Names of the columns.</param>
    /// <param name="rows">The rows, each with one value for every column.</param>
    /// <exception cref="ArgumentException">A row has another number of values than there are columns.</exception>
    public Table(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<object?>> rows)
    {
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentNullException.ThrowIfNull(rows);
        (Columns, Rows) = ([.. columns], [.. rows]);
        for (int i = 0; i < Rows.Count; i++)
        {
            if (Rows[i].Count != columns.Count)
                throw new ArgumentException($"Row {i} has {Rows[i].Count} values, but the table has {columns.Count} columns.", nameof(rows));
        }
        cells = [.. Rows.Take(MostRows).Select(row => row.Select(CellText).ToArray())];
    }

    /// <summary>Names of the columns.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>The values, row by row.</summary>
    public IReadOnlyList<IReadOnlyList<object?>> Rows { get; }

    /// <summary>The cells that are shown, row by row, as they read best.</summary>
    internal IReadOnlyList<IReadOnlyList<string>> Cells => cells;

    /// <summary>A line over the table.</summary>
    public string? Caption { get; init; }

    /// <summary>A table with one row for each item.</summary>
    public static Table Of<T>(IEnumerable<T> items, params (string Name, Func<T, object?> Value)[] columns)
    {
        ArgumentNullException.ThrowIfNull(items);
        ArgumentNullException.ThrowIfNull(columns);
        return new([.. columns.Select(column => column.Name)], items.Select(item => columns.Select(column => column.Value(item)).ToArray()));
    }

    /// <summary>The same table under a caption.</summary>
    public Table Titled(string caption) => this with { Caption = caption };

    /// <summary>The table as aligned plain text.</summary>
    public override string ToString()
    {
        int[] widths = [.. Enumerable.Range(0, Columns.Count).Select(c => cells.Select(row => row[c].Length).Append(Columns[c].Length).Max())];
        var text = new StringBuilder();
        if (Caption is not null) text.Append(Caption).Append('\n');
        Line(Columns);
        Line([.. widths.Select(width => new string('-', width))]);
        foreach (var row in cells) Line(row);
        return text.Append(Rest).ToString().TrimEnd('\n');

        void Line(IReadOnlyList<string> values) => text
            .Append(string.Join("  ", values.Select((value, c) => IsNumeric(c) ? value.PadLeft(widths[c]) : value.PadRight(widths[c]))).TrimEnd())
            .Append('\n');
    }

    /// <summary>The table as an HTML element without scripts or style sheets, so that every host shows it.</summary>
    public string ToHtml()
    {
        if (Columns.Count == 0) return $"<p>{WebUtility.HtmlEncode(Caption)}</p>";
        var html = new StringBuilder("<table>");
        if (Caption is not null) html.Append("<caption>").Append(WebUtility.HtmlEncode(Caption)).Append("</caption>");
        html.Append("<thead><tr>");
        for (int c = 0; c < Columns.Count; c++) Cell("th", Columns[c], c);
        html.Append("</tr></thead><tbody>");
        foreach (var row in cells)
        {
            html.Append("<tr>");
            for (int c = 0; c < row.Length; c++) Cell("td", row[c], c);
            html.Append("</tr>");
        }
        html.Append("</tbody></table>");
        return (Rest.Length == 0 ? html : html.Append("<p>").Append(Rest).Append("</p>")).ToString();

        // Hosts that strip the style align texts to the left anyway; Jupyter, which keeps it, would not.
        void Cell(string tag, string value, int column) =>
            html.Append(CultureInfo.InvariantCulture, $"<{tag} {(IsNumeric(column) ? "align=\"right\"" : "style=\"text-align:left\"")}>{WebUtility.HtmlEncode(value)}</{tag}>");
    }

    /// <summary>What stands under a table that is cut; else empty.</summary>
    internal string Rest => Rows.Count <= MostRows ? "" : $"… and {Rows.Count - MostRows} more rows";

    /// <summary>Whether a column stands right-aligned: all that is in it starts like a number.</summary>
    internal bool IsNumeric(int column) =>
        cells.Any(row => row[column].Length > 0) && cells.All(row => row[column].Length == 0 || char.IsAsciiDigit(row[column].TrimStart('-', '+', '−', '±', '<', '>', '~', '×', ' ').FirstOrDefault()));

    /// <summary>A value as it reads best in a cell.</summary>
    internal static string CellText(object? value) => value switch
    {
        null => "",
        bool truth => truth ? "yes" : "no",
        TimeSpan time => Units.Time(time),
        double or float or Half or decimal => Units.Number(Convert.ToDouble(value, CultureInfo.InvariantCulture)),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => $"{value}",
    };
}
