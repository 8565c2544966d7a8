using System.Text.Json;
using Plotly.NET;
using Plotly.NET.CSharp;
using PruneNotebooks.Display;
using PruneNotebooks.Metrics;
using PruneNotebooks.Scenes;
using TorchSharp;

namespace PruneNotebooks.Tests.Display;

public sealed class ChartsTests
{
    static JsonElement Figure(GenericChart chart) => JsonDocument.Parse(PlotlyOutput.Json(chart)).RootElement;

    static double[] Numbers(JsonElement array) => [.. array.EnumerateArray().Select(number => number.GetDouble())];

    static AccuracyPoint Point(string method, int kept, int right) => new(method, kept, 144, new(right, 200));

    [Fact]
    public void Accuracy_has_a_line_for_each_method_with_wilson_intervals_and_ticks_at_the_counts()
    {
        var figure = Figure(Charts.Accuracy([Point("random", 36, 100), Point("random", 72, 150), Point("HiPrune", 36, 160), Point("HiPrune", 72, 170)], new Proportion(180, 200)));
        var traces = figure.GetProperty("data").EnumerateArray().ToArray();
        Assert.Equal(["all 144 tokens", "random", "HiPrune"], traces.Select(trace => trace.GetProperty("name").GetString()));
        Assert.Equal([50, 75], Numbers(traces[1].GetProperty("y")));
        var interval = new Proportion(100, 200).Interval();
        Assert.Equal(100 * interval.High - 50, Numbers(traces[1].GetProperty("error_y").GetProperty("array"))[0], 9);
        Assert.Equal(50 - 100 * interval.Low, Numbers(traces[1].GetProperty("error_y").GetProperty("arrayminus"))[0], 9);
        var x = figure.GetProperty("layout").GetProperty("xaxis");
        Assert.Equal("log", x.GetProperty("type").GetString());
        Assert.Equal([36, 72], Numbers(x.GetProperty("tickvals")));
        Assert.Equal(["36<br>25 %", "72<br>50 %"], x.GetProperty("ticktext").EnumerateArray().Select(text => text.GetString()));
        Assert.All(traces[1..].Zip([36.0, 36.0]), pair => Assert.Equal(pair.Second, Numbers(pair.First.GetProperty("x"))[0], 0.6));
    }

    [Fact]
    public void The_text_of_accuracy_has_the_true_counts_although_points_stand_apart() => Assert.EndsWith(
        "\nall 144 tokens: 36: 90, 72: 90\nrandom: 36: 50, 72: 75\nHiPrune: 36: 80",
        PlotlyText.Of(Charts.Accuracy([Point("random", 72, 150), Point("random", 36, 100), Point("HiPrune", 36, 160)], new Proportion(180, 200))), StringComparison.Ordinal);

    [Fact]
    public void A_point_of_scenes_has_the_interval_over_scenes()
    {
        var answers = PruneNotebooks.Scenes.Scenes.DrawMany(1, 20).SelectMany((scene, i) => scene.Questions.Select(question => new SceneAnswer(scene.Seed, question, i % 2 == 0 ? question.Answer : "no idea"))).ToList();
        var accuracy = new SceneAccuracy(PruneNotebooks.Tokens.PruningPlan.None, answers);
        var point = AccuracyPoint.Of("random", 36, 144, accuracy);
        Assert.Equal(accuracy.IntervalOverScenes(), point.Interval);
        Assert.True(point.Interval.High - point.Interval.Low > 1.5 * (accuracy.All.Interval().High - accuracy.All.Interval().Low), $"{point}");
    }

    [Fact]
    public void Series_differ_in_colour_marker_and_dash()
    {
        var looks = Figure(Charts.Lines(Enumerable.Range(0, 30).Select(i => new Series($"{i}", [1, 2], [i, i])), "layer", "nats")).GetProperty("data").EnumerateArray()
            .Select(trace => $"{trace.GetProperty("line").GetProperty("color")} {trace.GetProperty("line").GetProperty("dash")} {trace.GetProperty("marker").GetProperty("symbol")}").ToArray();
        Assert.Equal(30, looks.Distinct().Count());
    }

    [Fact]
    public void A_heat_map_keeps_rows_and_columns_and_leaves_holes_for_nan()
    {
        using var scope = torch.NewDisposeScope();
        var values = torch.tensor(new float[,] { { 1, 2, 3 }, { 4, float.NaN, 6 } }).t();
        var z = Figure(Charts.HeatMap(values, "column", "row")).GetProperty("data")[0].GetProperty("z");
        Assert.Equal("[[1.0,4.0],[2.0,null],[3.0,6.0]]", z.GetRawText());
    }

    [Fact]
    public void Everything_about_a_chart_can_be_changed_afterwards()
    {
        var chart = Charts.Lines([new("rank", [1, 2], [3, 4])], "layer", "rank").WithXAxisStyle<double, double, string>(TitleText: "depth").WithSize(Width: 333);
        var layout = Figure(chart).GetProperty("layout");
        Assert.Equal("depth", layout.GetProperty("xaxis").GetProperty("title").GetProperty("text").GetString());
        Assert.Equal("outside", layout.GetProperty("xaxis").GetProperty("ticks").GetString());
        Assert.Equal(333, layout.GetProperty("width").GetInt32());
    }

    [Fact]
    public void The_text_names_titles_axes_and_values() => Assert.Equal(
        "chart: Times (y: time / ms)\nprefill: 144: 12, 36: 5\ndecode: 144: 3, 36: 3",
        PlotlyText.Of(Charts.Bars(["144", "36"], [("prefill", [12, 5]), ("decode", [3, 3])], "time / ms", "Times")));

    [Fact]
    public void Charts_of_plotly_itself_have_a_text_too()
    {
        Assert.Equal("chart\nscatter: 1: 4, 2: 5", PlotlyText.Of(Plotly.NET.CSharp.Chart.Line<int, double, string>([1, 2], [4, 5])));
        Assert.Equal("chart\npie", PlotlyText.Of(Plotly.NET.CSharp.Chart.Pie<int, string, string>([1, 2])));
    }

    [Fact]
    public void The_fragment_of_a_page_needs_no_network_and_cannot_be_broken_out_of()
    {
        var chart = Charts.Lines([new("</script><b>", [1], [2])], "x", "y", "a \"title\" & more");
        string later = PlotlyOutput.Html(chart, withScript: false), first = PlotlyOutput.Html(chart, withScript: true);
        Assert.InRange(later.Length, 500, 5_000);
        Assert.InRange(first.Length, 1_000_000, 2_000_000);
        foreach (string html in new[] { later, first })
        {
            Assert.Equal(1, html.Split("</script>").Length - 1);
            Assert.DoesNotContain("://", html, StringComparison.Ordinal);
            Assert.Contains("aria-label=\"chart: a &quot;title&quot; &amp; more", html, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void What_does_not_fit_is_refused_with_the_numbers()
    {
        Assert.Contains("2 positions but 1", Assert.Throws<ArgumentException>(() => new Series("a", [1, 2], [1])).Message, StringComparison.Ordinal);
        Assert.Contains("1 intervals", Assert.Throws<ArgumentException>(() => new Series("a", [1, 2], [1, 2]).WithIntervals([new(0, 1)])).Message, StringComparison.Ordinal);
        Assert.Contains("1 values for 2", Assert.Throws<ArgumentException>(() => Charts.Bars(["a", "b"], [("c", [1])], "y")).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Charts.Lines([], "x", "y"));
        Assert.Throws<ArgumentException>(() => Charts.Accuracy([]));
        using var cube = torch.zeros(2, 2, 2);
        Assert.Contains("[2, 2, 2]", Assert.Throws<ArgumentException>(() => Charts.HeatMap(cube, "x", "y")).Message, StringComparison.Ordinal);
    }
}
