using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Spectre.Console;
using Table = PruneNotebooks.Display.Table;

namespace PruneNotebooks.Tool.Commands;

/// <summary>What a command says: with lines and colours in a terminal, as aligned plain text in a pipe or a file.</summary>
/// <param name="output">Where it goes.</param>
/// <param name="terminal">The same as a terminal; <see langword="null"/> if it is none.</param>
sealed class Screen(TextWriter output, IAnsiConsole? terminal)
{
    static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The screen of a command.</summary>
    public static Screen Of(ParseResult parse)
    {
        TextWriter output = parse.InvocationConfiguration.Output;
        bool isTerminal = !Console.IsOutputRedirected && ReferenceEquals(output, Console.Out);
        return new(output, isTerminal ? AnsiConsole.Console : null);
    }

    /// <summary>A line of text; an empty one separates.</summary>
    public void Line(string text = "", Style? style = null)
    {
        if (terminal is null) output.WriteLine(text);
        else terminal.Write(new Paragraph(text + "\n", style));
    }

    /// <summary>Labels and what they stand for, one below the other; what has no value is left out.</summary>
    public void Facts(params IReadOnlyList<(string Label, string? Value)> facts)
    {
        var told = facts.Where(fact => fact.Value is not null).ToList();
        int width = told.Max(fact => fact.Label.Length) + 2;
        if (terminal is null)
        {
            foreach (var (label, value) in told) output.WriteLine(label.PadRight(width) + value);
            return;
        }
        var grid = new Grid { Expand = false }.AddColumn(new GridColumn { NoWrap = true, Padding = new(0, 0, 2, 0) }).AddColumn(new GridColumn { Padding = new(0, 0) });
        foreach (var (label, value) in told) grid.AddRow(new Text(label, new Style(decoration: Decoration.Dim)), new Text(value!));
        terminal.Write(grid);
    }

    /// <summary>An item of a list: a coloured mark, a label, and a text that is indented where it wraps.</summary>
    public void Item(string mark, Color colour, string label, string text)
    {
        if (terminal is null)
        {
            output.WriteLine($"{mark.PadRight(4)}  {label}  {text}");
            return;
        }
        var grid = new Grid { Expand = false }.AddColumn(Fixed(4)).AddColumn(Fixed(label.Length)).AddColumn(new GridColumn { Padding = new(0, 0) });
        grid.AddRow(new Text(mark, new Style(colour)), new Text(label, new Style(decoration: Decoration.Dim)), new Text(text));
        terminal.Write(grid);

        static GridColumn Fixed(int width) => new() { Width = width, NoWrap = true, Padding = new(0, 0, 2, 0) };
    }

    /// <summary>A table, its caption over it.</summary>
    /// <param name="table">The table.</param>
    /// <param name="spare">Columns that a terminal leaves out, one after the other, until the others fit.</param>
    public void Show(Table table, params IReadOnlyList<string> spare)
    {
        if (terminal is not null && spare.Count > 0 && Width(table) > terminal.Profile.Width)
        {
            int[] others = [.. Enumerable.Range(0, table.Columns.Count).Where(c => table.Columns[c] != spare[0])];
            Show(new Table([.. others.Select(c => table.Columns[c])], table.Rows.Select(row => others.Select(c => row[c]).ToArray())) { Caption = table.Caption }, [.. spare.Skip(1)]);
            return;
        }
        if (terminal is null)
        {
            output.WriteLine(table);
            return;
        }
        if (table.Caption is { } caption) Line(caption);
        var shown = new Spectre.Console.Table { Border = TableBorder.Rounded, BorderStyle = new Style(decoration: Decoration.Dim) };
        for (int c = 0; c < table.Columns.Count; c++)
            shown.AddColumn(new TableColumn(new Text(table.Columns[c], new Style(decoration: Decoration.Bold))) { Alignment = table.IsNumeric(c) ? Justify.Right : Justify.Left });
        foreach (var row in table.Cells) shown.AddRow(row.Select(cell => new Text(cell)));
        terminal.Write(shown);
        if (table.Rest.Length > 0) Line(table.Rest);
    }

    // Of the widest cells, with a blank on both sides and lines between.
    static int Width(Table table) => 1 + Enumerable.Range(0, table.Columns.Count).Sum(c => 3 + table.Cells.Select(row => row[c].Length).Append(table.Columns[c].Length).Max());

    /// <summary>Works; in a terminal, a line says how far it has come, and is gone afterwards.</summary>
    public T While<T>(string start, Func<Action<string>, T> work) =>
        terminal is null ? work(_ => { }) : terminal.Status().Start(start, context => work(now => context.Status = Markup.Escape(now)));

    /// <summary>Works; in a terminal, a bar with the remaining time says how far it has come, and is gone afterwards.</summary>
    public T WithBar<T>(string what, Func<Action<int, int>, T> work) => terminal is null ? work((_, _) => { }) : terminal.Progress().AutoClear(true)
        .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
        .Start(context =>
        {
            var bar = context.AddTask(Markup.Escape(what));
            return work((done, of) => (bar.Description, bar.MaxValue, bar.Value) = (Markup.Escape($"{what}, {done} of {of}"), of, done));
        });

    /// <summary>For other programs.</summary>
    public void Json(JsonNode json) => output.WriteLine(ToJson(json));

    /// <summary>The text of such output.</summary>
    public static string ToJson(JsonNode json) => json.ToJsonString(Readable);
}
