using PruneNotebooks.Metrics;
using SkiaSharp;

namespace PruneNotebooks.Display;

/// <summary>Lines with markers in a frame. Each has its name at its right end, in its own colour, instead of a legend; markers differ, too.</summary>
static class LineDrawing
{
    const float Radius = 3.2f, LabelHeight = 13;

    /// <summary>Draws lines into a frame, intervals as thin bars.</summary>
    public static void Draw(SKCanvas canvas, ChartFrame frame, params IReadOnlyList<Series> lines)
    {
        for (int i = 0; i < lines.Count; i++) Draw(canvas, frame, lines[i], i);
        Names(canvas, frame, lines);
    }

    /// <summary>How much room the line of a legend's entry takes.</summary>
    public const float KeyWidth = 28;

    /// <summary>An entry of a legend: a piece of the line with its marker, and its name.</summary>
    public static void Key(SKCanvas canvas, string name, int number, float x, float y)
    {
        using var paint = new SKPaint { Color = Colour(number), StrokeWidth = 1.8f, IsAntialias = true };
        canvas.DrawLine(x, y, x + KeyWidth - 8, y, paint);
        Marker(canvas, new(x + (KeyWidth - 8) / 2, y), number, paint);
        Lettering.Draw(canvas, name, x + KeyWidth - 4, y + ChartFrame.TitleSize * Lettering.CapHeight / 2, ChartFrame.TitleSize, Picture.Ink);
    }

    /// <summary>A marker with a lying interval.</summary>
    public static void Across(SKCanvas canvas, int number, float x, float low, float high, float y)
    {
        using var paint = new SKPaint { Color = Colour(number), StrokeWidth = 1.4f, IsAntialias = true };
        canvas.DrawLine(low, y, high, y, paint);
        Marker(canvas, new(x, y), number, paint);
    }

    public static SKColor Colour(int line) => SKColor.Parse(ChartStyle.Default.Colour(line));

    static void Draw(SKCanvas canvas, ChartFrame frame, Series line, int number)
    {
        using var paint = new SKPaint { Color = Colour(number), StrokeWidth = 1.8f, StrokeCap = SKStrokeCap.Round, IsAntialias = true };
        SKPoint? before = null;
        for (int i = 0; i < line.X.Count; i++)
        {
            SKPoint? at = double.IsFinite(line.Y[i]) ? new(frame.AtX(line.X[i]), frame.AtY(line.Y[i])) : null;
            if (before is { } from && at is { } to) canvas.DrawLine(from, to, paint);
            before = at;
        }
        paint.StrokeWidth = 1;
        for (int i = 0; i < line.X.Count; i++)
        {
            if (!double.IsFinite(line.Y[i])) continue;
            if (line.Intervals is { } intervals) Bar(canvas, frame, frame.AtX(line.X[i]), intervals[i], paint);
            Marker(canvas, new(frame.AtX(line.X[i]), frame.AtY(line.Y[i])), number, paint);
        }
    }

    static void Bar(SKCanvas canvas, ChartFrame frame, float x, Interval interval, SKPaint paint)
    {
        float low = frame.AtY(interval.Low), high = frame.AtY(interval.High);
        canvas.DrawLine(x, low, x, high, paint);
        canvas.DrawLine(x - 3, low, x + 3, low, paint);
        canvas.DrawLine(x - 3, high, x + 3, high, paint);
    }

    /// <summary>A disc, a square, a diamond or a ring.</summary>
    static void Marker(SKCanvas canvas, SKPoint at, int number, SKPaint paint)
    {
        if (number % 4 is 0 or 3) canvas.DrawCircle(at, Radius, paint);
        if (number % 4 is 0) return;
        if (number % 4 is 3)
        {
            using var hole = new SKPaint { Color = SKColors.White, IsAntialias = true };
            canvas.DrawCircle(at, Radius - 1.4f, hole);
            return;
        }
        canvas.Save();
        canvas.Translate(at);
        if (number % 4 is 2) canvas.RotateDegrees(45);
        canvas.DrawRect(-Radius, -Radius, 2 * Radius, 2 * Radius, paint);
        canvas.Restore();
    }

    /// <summary>Names at the right side, as high as the lines end; where ends lie close together, names move apart.</summary>
    static void Names(SKCanvas canvas, ChartFrame frame, IReadOnlyList<Series> lines)
    {
        var ends = lines.Select((line, i) => (line.Name, Number: i, Y: line.Y.LastOrDefault(double.IsFinite, frame.Y.Low)))
            .Where(end => end.Name.Length > 0).Select(end => (end.Name, end.Number, At: frame.AtY(end.Y))).OrderBy(end => end.At).ToArray();
        float[] at = Apart([.. ends.Select(end => end.At)], frame.Plot.Top, frame.Plot.Bottom);
        for (int i = 0; i < ends.Length; i++)
            Lettering.Draw(canvas, ends[i].Name, frame.Plot.Right + 8, at[i] + ChartFrame.TextSize * Lettering.CapHeight / 2, ChartFrame.TextSize, Colour(ends[i].Number));
    }

    /// <summary>Heights, ascending, moved as little as it takes to lie <see cref="LabelHeight"/> apart and within the frame where there is room.</summary>
    internal static float[] Apart(float[] wanted, float top, float bottom)
    {
        float[] at = [.. wanted];
        for (int i = 1; i < at.Length; i++) at[i] = Math.Max(at[i], at[i - 1] + LabelHeight);
        for (int i = at.Length - 1; i >= 0; i--) at[i] = Math.Min(at[i], (i == at.Length - 1 ? Math.Max(bottom, top + LabelHeight * i) : at[i + 1] - LabelHeight));
        return at;
    }
}
