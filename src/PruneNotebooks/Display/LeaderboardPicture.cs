using PruneNotebooks.Bench;
using PruneNotebooks.Models;
using PruneNotebooks.Pruners;
using SkiaSharp;

namespace PruneNotebooks.Display;

/// <summary>All methods of a benchmark in one picture: a row for each, a marker with its 95 % interval for each budget.</summary>
public static class LeaderboardPicture
{
    const int Left = 150, Right = 24, Width = 700, RowHeight = 19, Top = 52, Foot = 44;

    /// <summary>Draws the rows, best first by their mean over the budgets; controls stand in black.</summary>
    /// <param name="scores">The numbers of a benchmark, such as <see cref="BenchResult.Scores()"/> or those that were written to a file.</param>
    /// <param name="category">Which kind of question; all if not given.</param>
    /// <exception cref="ArgumentException">There is no method with answers.</exception>
    public static RgbImage Of(IEnumerable<BenchScore> scores, string category = BenchScore.AllKinds)
    {
        ArgumentNullException.ThrowIfNull(scores);
        BenchScore[] all = [.. scores.Where(score => score.Category == category && score.Split.Length == 0 && score.Accuracy is not null)];
        double? dense = all.FirstOrDefault(score => score.Keep.Length == 0)?.Accuracy;
        string[] budgets = [.. all.Where(score => score.Keep.Length > 0).GroupBy(score => score.Keep).OrderByDescending(budget => budget.Max(score => score.Tokens)).Select(budget => budget.Key)];
        var methods = all.Where(score => score.Keep.Length > 0).GroupBy(score => score.Method).OrderBy(method => method.Count() < budgets.Length).ThenByDescending(method => method.Average(score => score.Accuracy)).ToArray();
        if (methods.Length == 0) throw new ArgumentException($"There is no method with answers to questions of the kind '{category}'.", nameof(scores));
        double low = Math.Max(0, Math.Floor(all.Min(score => 20 * score.Low!.Value)) * 5);
        return Picture.Draw(Left + Width + Right, Top + methods.Length * RowHeight + Foot, canvas =>
        {
            for (int b = 0; b < budgets.Length; b++) LineDrawing.Key(canvas, $"{budgets[b]} of the tokens", b, Left + b * 150, 14);
            var frame = new ChartFrame(SKRect.Create(Left, Top, Width, methods.Length * RowHeight), new(low, 100.5), new(methods.Length, 0));
            foreach (double x in ChartFrame.RoundNumbers(frame.X, 8))
            {
                frame.VerticalLine(canvas, x, new SKColor(0xE4, 0xE4, 0xE4));
                frame.XLabel(canvas, x, ChartFrame.Number(x));
            }
            if (dense is { } accuracy)
            {
                frame.VerticalLine(canvas, 100 * accuracy, Picture.PaleInk, 4, 3);
                Lettering.Draw(canvas, "all tokens", frame.AtX(100 * accuracy) - Lettering.Width("all tokens", ChartFrame.TextSize) / 2, Top - 6, ChartFrame.TextSize, Picture.PaleInk);
            }
            for (int row = 0; row < methods.Length; row++) Row(canvas, frame, row, methods[row], budgets);
            frame.Border(canvas);
            frame.XTitle(canvas, $"right answers to {(category == BenchScore.AllKinds ? "all questions" : $"questions of the kind {category.ToLowerInvariant()}")} / %, with 95 % intervals");
        });
    }

    static void Row(SKCanvas canvas, ChartFrame frame, int row, IGrouping<string, BenchScore> method, string[] budgets)
    {
        bool control = MethodCatalogue.All.Any(known => known.Slug == method.Key && known.Family == MethodFamily.Control);
        float y = frame.AtY(row + 0.5);
        Lettering.Draw(canvas, method.Key, frame.Plot.Left - 8 - Lettering.Width(method.Key, ChartFrame.TitleSize), y + ChartFrame.TitleSize * Lettering.CapHeight / 2, ChartFrame.TitleSize, control ? SKColors.Black : Picture.PaleInk);
        if (control)
        {
            using var band = new SKPaint { Color = new(0xF2, 0xF2, 0xF2) };
            canvas.DrawRect(frame.Plot.Left, y - RowHeight / 2f, frame.Plot.Width, RowHeight, band);
        }
        foreach (var score in method)
            LineDrawing.Across(canvas, Array.IndexOf(budgets, score.Keep), frame.AtX(100 * score.Accuracy!.Value), frame.AtX(100 * score.Low!.Value), frame.AtX(100 * score.High!.Value), y);
    }
}
