using Plotly.NET;
using Plotly.NET.LayoutObjects;
using Plotly.NET.TraceObjects;
using PruneNotebooks.Metrics;
using PruneNotebooks.Scenes;
using TorchSharp;

namespace PruneNotebooks.Display;

/// <summary>How often a method was right with so many tokens: one point of <see cref="Charts.Accuracy"/>.</summary>
/// <param name="Method">What to call the method.</param>
/// <param name="Kept">Visual tokens that it kept.</param>
/// <param name="Tokens">Visual tokens of the unpruned model.</param>
/// <param name="Score">How often the answer was right.</param>
public sealed record AccuracyPoint(string Method, int Kept, int Tokens, Proportion Score)
{
    /// <summary>What its error bar shows: the 95 % interval of independent questions, unless a wider one is given.</summary>
    public Interval Interval { get; init; } = Score.Interval();

    /// <summary>A point from answers about scenes; its interval is from scene to scene, because questions about one scene go right or wrong together.</summary>
    public static AccuracyPoint Of(string method, int kept, int tokens, SceneAccuracy accuracy)
    {
        ArgumentNullException.ThrowIfNull(accuracy);
        return new(method, kept, tokens, accuracy.All) { Interval = accuracy.IntervalOverScenes() };
    }
}

/// <summary>The charts of this library. Each is a Plotly.NET chart, so that everything about it can be changed afterwards.</summary>
public static class Charts
{
    /// <summary>Accuracy against the number of kept tokens, a line for each method, with 95 % intervals.</summary>
    /// <param name="points">What was measured, in any order.</param>
    /// <param name="unpruned">Accuracy with all tokens, drawn as a dashed line for comparison; <see langword="null"/> to leave it out.</param>
    /// <param name="title">A line over the chart.</param>
    /// <param name="style">How it looks; the house style by default.</param>
    public static GenericChart Accuracy(IEnumerable<AccuracyPoint> points, Proportion? unpruned = null, string title = "Accuracy against kept visual tokens", ChartStyle? style = null)
    {
        ArgumentNullException.ThrowIfNull(points);
        var methods = points.GroupBy(point => point.Method).Select(group => group.OrderBy(point => point.Kept).ToArray()).ToArray();
        if (methods.Length == 0) throw new ArgumentException("There is no point to draw.", nameof(points));
        style ??= ChartStyle.Default;
        int[] counts = [.. methods.SelectMany(method => method).Select(point => point.Kept).Distinct().Order()];
        int tokens = methods[0][0].Tokens;
        double[] ends = [Math.Log10(counts[0] / 1.15), Math.Log10(counts[^1] * 1.15)];
        var x = Plot.Axis("kept visual tokens per image (and part of all; logarithmic)")
            .Set("type", "log")
            .Set("range", ends)
            .Set("tickvals", counts)
            .Set("ticktext", counts.Select(count => $"{count}<br>{Units.Percent((double)count / tokens)}").ToArray());
        var y = Plot.Axis("correct answers / %");
        var traces = methods.Select((method, i) => Line(Named(method, i), i, style)
            .Set("customdata", method.Select(point => point.Kept).ToArray())
            .Set("text", method.Select(point => $"{point.Score}").ToArray())
            .Set("hovertemplate", "%{customdata} tokens: %{text}")).ToList();
        if (unpruned is { } all)
        {
            traces.Insert(0, Line(new Series($"all {tokens} tokens", [Math.Pow(10, ends[0]), Math.Pow(10, ends[1])], [100 * all.Value, 100 * all.Value]), 0, style)
                .Set("mode", "lines")
                .Set("line", new Line().Set("color", "#666666").Set("width", 1.5).Set("dash", "dash"))
                .Set("customdata", new[] { counts[0], counts[^1] })
                .Set("hovertemplate", $"all tokens: {all}<extra></extra>"));
        }
        return Plot.Chart(traces, Plot.Layout(style, title, x, y).Set("showlegend", true).Set("legend", Plot.LegendAside));

        // Points of different methods with the same number of tokens stand a little apart, so that their error bars can be told from each other;
        // the number itself is in customdata.
        Series Named(AccuracyPoint[] method, int i) => new Series(
                method[0].Method,
                [.. method.Select(point => point.Kept * Math.Pow(1.025, i - (methods.Length - 1) / 2.0))],
                [.. method.Select(point => 100 * point.Score.Value)])
            .WithIntervals([.. method.Select(point => new Interval(100 * point.Interval.Low, 100 * point.Interval.High))]);
    }

    /// <summary>Lines with markers; intervals become error bars.</summary>
    /// <param name="series">The lines.</param>
    /// <param name="xTitle">What the horizontal axis shows, with its unit.</param>
    /// <param name="yTitle">What the vertical axis shows, with its unit.</param>
    /// <param name="title">A line over the chart.</param>
    /// <param name="style">How it looks; the house style by default.</param>
    public static GenericChart Lines(IEnumerable<Series> series, string xTitle, string yTitle, string title = "", ChartStyle? style = null)
    {
        style ??= ChartStyle.Default;
        var lines = NotEmpty(series);
        return Plot.Chart(lines.Select((line, i) => Line(line, i, style)), Plot.Layout(style, title, WholeTicks(Plot.Axis(xTitle), lines), Plot.Axis(yTitle))
            .Set("showlegend", lines.Count > 1).Set("legend", Plot.LegendAside));
    }

    /// <summary>Bars side by side for each category; intervals become error bars.</summary>
    /// <param name="categories">Names along the horizontal axis.</param>
    /// <param name="series">For each colour a name and a value for each category.</param>
    /// <param name="yTitle">What the bars show, with its unit.</param>
    /// <param name="title">A line over the chart.</param>
    /// <param name="style">How it looks; the house style by default.</param>
    public static GenericChart Bars(IReadOnlyList<string> categories, IEnumerable<(string Name, IReadOnlyList<double> Values)> series, string yTitle, string title = "", ChartStyle? style = null)
    {
        ArgumentNullException.ThrowIfNull(categories);
        style ??= ChartStyle.Default;
        var bars = NotEmpty(series);
        foreach (var (name, values) in bars)
            if (values.Count != categories.Count)
                throw new ArgumentException($"The series '{name}' has {values.Count} values for {categories.Count} categories.", nameof(series));
        var traces = bars.Select((bar, i) => Plot.Trace("bar")
            .Set("name", bar.Name)
            .Set("x", categories)
            .Set("y", bar.Values)
            .Set("marker", new Marker().Set("color", style.Colour(i)).Set("pattern", new Pattern().Set("shape", Patterns[i % Patterns.Length]).Set("fillmode", "overlay").Set("solidity", 0.3))));
        return Plot.Chart(traces, Plot.Layout(style, title, Plot.Axis("").Set("type", "category"), Plot.Axis(yTitle).Set("rangemode", "tozero"))
            .Set("barmode", "group").Set("bargap", 0.25).Set("showlegend", bars.Count > 1).Set("legend", Plot.LegendAside));
    }

    /// <summary>A matrix as colours, its first row at the top.</summary>
    /// <param name="values">The matrix; NaN leaves a hole.</param>
    /// <param name="xTitle">What the columns are.</param>
    /// <param name="yTitle">What the rows are.</param>
    /// <param name="valueTitle">What the colours show, with its unit.</param>
    /// <param name="title">A line over the chart.</param>
    /// <param name="style">How it looks; the house style by default.</param>
    public static GenericChart HeatMap(double[,] values, string xTitle, string yTitle, string valueTitle = "", string title = "", ChartStyle? style = null)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Length == 0) throw new ArgumentException($"There is nothing to draw in a matrix of {values.GetLength(0)} x {values.GetLength(1)}.", nameof(values));
        var rows = Enumerable.Range(0, values.GetLength(0)).Select(row => Enumerable.Range(0, values.GetLength(1))
            .Select(column => double.IsFinite(values[row, column]) ? values[row, column] : (double?)null).ToArray()).ToArray();
        var map = Plot.Trace("heatmap")
            .Set("z", rows)
            .Set("colorscale", "Viridis")
            .Set("colorbar", new ColorBar().Set("title", Plot.Title(valueTitle).Set("side", "right")).Set("outlinewidth", 0));
        return Plot.Chart([map], Plot.Layout(style ?? ChartStyle.Default, title,
            Plot.Axis(xTitle).Set("showgrid", false).Set("constrain", "domain"), Plot.Axis(yTitle).Set("showgrid", false).Set("autorange", "reversed")));
    }

    /// <summary>A matrix <c>[R, C]</c> of any real dtype as colours, its first row at the top.</summary>
    /// <inheritdoc cref="HeatMap(double[,], string, string, string, string, ChartStyle?)"/>
    public static GenericChart HeatMap(torch.Tensor values, string xTitle, string yTitle, string valueTitle = "", string title = "", ChartStyle? style = null)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.dim() != 2) throw new ArgumentException($"A heat map shows a matrix [R, C]; the tensor is [{string.Join(", ", values.shape)}].", nameof(values));
        using var scope = torch.NewDisposeScope();
        var flat = values.detach().cpu().to(torch.ScalarType.Float64).contiguous().data<double>();
        var matrix = new double[values.shape[0], values.shape[1]];
        for (int i = 0; i < matrix.Length; i++) matrix[i / matrix.GetLength(1), i % matrix.GetLength(1)] = flat[i];
        return HeatMap(matrix, xTitle, yTitle, valueTitle, title, style);
    }

    static readonly string[] Patterns = ["", "/", ".", "\\", "x", "-", "|"];

    /// <summary>Layers and counts have no halves: ticks at whole numbers where all positions are whole.</summary>
    static LinearAxis WholeTicks(LinearAxis axis, List<Series> lines)
    {
        double[] x = [.. lines.SelectMany(line => line.X)];
        return x.Length > 0 && x.All(double.IsInteger) && x.Max() - x.Min() < 20 ? axis.Set("dtick", x.Max() - x.Min() < 13 ? 1 : 2) : axis;
    }

    static Trace Line(Series series, int i, ChartStyle style)
    {
        string colour = style.Colour(i);
        var trace = Plot.Trace("scatter")
            .Set("name", series.Name)
            .Set("mode", "lines+markers")
            .Set("x", series.X)
            .Set("y", series.Y)
            .Set("line", new Line().Set("color", colour).Set("width", 2).Set("dash", style.Dash(i)))
            .Set("marker", new Marker().Set("color", colour).Set("size", 9).Set("symbol", style.Marker(i)));
        if (series.Intervals is { } intervals)
        {
            trace.Set("error_y", new Error()
                .Set("type", "data")
                .Set("symmetric", false)
                .Set("array", intervals.Select((interval, p) => interval.High - series.Y[p]).ToArray())
                .Set("arrayminus", intervals.Select((interval, p) => series.Y[p] - interval.Low).ToArray())
                .Set("color", colour)
                .Set("thickness", 1.2)
                .Set("width", 3));
        }
        return trace;
    }

    static List<T> NotEmpty<T>(IEnumerable<T> series)
    {
        ArgumentNullException.ThrowIfNull(series);
        var list = series.ToList();
        return list.Count > 0 ? list : throw new ArgumentException("There is no series to draw.", nameof(series));
    }
}
