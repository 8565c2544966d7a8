using PruneNotebooks.Bench;
using PruneNotebooks.Metrics;
using PruneNotebooks.Models;
using SkiaSharp;

namespace PruneNotebooks.Display;

/// <summary>Accuracy against visual tokens for each kind of question: a small chart for each, a line for each method, with 95 % intervals.</summary>
public static class AccuracyByKind
{
    const int Columns = 4, Left = 34, Width = 188, Height = 132, GapX = 40, Head = 24, Foot = 44, LegendRow = 18, Top = 12;

    /// <summary>Draws a benchmark: all questions first, then each kind. Rows without answers leave gaps.</summary>
    /// <param name="result">The benchmark.</param>
    /// <param name="methods">Which methods, in the order of their colours; all if not given.</param>
    /// <exception cref="ArgumentException">No method of the benchmark has answers.</exception>
    public static RgbImage Of(BenchResult result, IReadOnlyList<string>? methods = null)
    {
        ArgumentNullException.ThrowIfNull(result);
        BenchScore[] scores = [.. result.Scores().Where(score => score.Tokens is not null)];
        string[] names = [.. methods ?? [.. scores.Where(score => score.Keep.Length > 0).Select(score => score.Method).Distinct()]];
        var byMethod = scores.Where(score => score.Keep.Length > 0).ToLookup(score => (score.Method, score.Category));
        if (!names.Any(name => byMethod.Contains((name, BenchScore.AllKinds)))) throw new ArgumentException($"The benchmark has no answers of {string.Join(", ", names)}.", nameof(methods));
        string[] kinds = [BenchScore.AllKinds, .. result.Categories.Count > 1 ? result.Categories : []];
        var dense = scores.Where(score => score.Keep.Length == 0).ToDictionary(score => score.Category, score => score.Accuracy!.Value);
        double[] tokens = [.. names.SelectMany(name => byMethod[(name, BenchScore.AllKinds)]).Select(score => score.Tokens!.Value)];
        var x = new Interval(Math.Log2(tokens.Min()) - 0.35, Math.Log2(tokens.Max()) + 0.35);
        int columns = Math.Min(Columns, kinds.Length), rows = (kinds.Length + columns - 1) / columns, width = Left + columns * (Width + GapX);
        var legend = Legend(names, width);
        int charts = Top + (legend.Max(entry => entry.Row) + 1) * LegendRow + Head;
        return Picture.Draw(width, charts + rows * (Head + Height + Foot), canvas =>
        {
            foreach (var (name, number, at, row) in legend) LineDrawing.Key(canvas, name, number, at, Top + row * LegendRow);
            for (int k = 0; k < kinds.Length; k++)
            {
                var frame = new ChartFrame(SKRect.Create(Left + k % columns * (Width + GapX), charts + k / columns * (Head + Height + Foot), Width, Height), x, new(0, 103));
                Draw(canvas, frame, kinds[k], names, byMethod, dense.GetValueOrDefault(kinds[k], double.NaN), tokens);
            }
        });
    }

    /// <summary>The same in words: a line for each kind and method.</summary>
    public static string Text(BenchResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        return string.Join('\n', BenchTables.Of([.. result.Scores()]));
    }

    static void Draw(SKCanvas canvas, ChartFrame frame, string kind, string[] names, ILookup<(string, string), BenchScore> scores, double dense, double[] tokens)
    {
        frame.Title(canvas, kind.ToLowerInvariant());
        frame.YTicks(canvas, y => $"{y}");
        if (double.IsFinite(dense)) frame.HorizontalLine(canvas, 100 * dense, Picture.PaleInk, 4, 3);
        // Points of the same number of tokens stand a little apart. One picture has no interval.
        LineDrawing.Draw(canvas, frame, [.. names.Select((name, i) =>
        {
            BenchScore[] line = [.. scores[(name, kind)].OrderBy(score => score.Tokens)];
            double apart = 0.5 * (i - (names.Length - 1) / 2.0) / names.Length;
            return new Series("", [.. line.Select(score => Math.Log2(score.Tokens!.Value) + apart)], [.. line.Select(score => 100 * score.Accuracy!.Value)])
                .WithIntervals([.. line.Select(score => new Interval(100 * (score.Low ?? score.Accuracy!.Value), 100 * (score.High ?? score.Accuracy!.Value)))]);
        })]);
        frame.Border(canvas);
        foreach (double count in Labels(tokens)) frame.XLabel(canvas, Math.Log2(count), ChartFrame.Number(Math.Round(count)));
        frame.XTitle(canvas, "visual tokens per layer");
    }

    // Budgets, not the few tokens by which methods miss them.
    static IEnumerable<double> Labels(double[] tokens)
    {
        double last = double.NegativeInfinity;
        foreach (var group in tokens.GroupBy(Math.Round).Where(group => group.Count() > 1 || tokens.Length < 4).OrderBy(group => group.Key))
        {
            if (Math.Log2(group.Key) - last < 0.4) continue;
            last = Math.Log2(group.Key);
            yield return group.Key;
        }
    }

    static List<(string Name, int Number, float At, int Row)> Legend(string[] names, int width)
    {
        List<(string, int, float, int)> legend = [];
        float at = Left;
        int row = 0;
        for (int i = 0; i < names.Length; i++)
        {
            float wide = LineDrawing.KeyWidth + Lettering.Width(names[i], ChartFrame.TitleSize) + 18;
            if (at + wide > width && at > Left) (at, row) = (Left, row + 1);
            legend.Add((names[i], i, at, row));
            at += wide;
        }
        return legend;
    }
}
