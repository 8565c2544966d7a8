using System.Globalization;
using PruneNotebooks.Metrics;
using PruneNotebooks.Models;
using SkiaSharp;

namespace PruneNotebooks.Display;

/// <summary>The trend of attention over places as a picture: the mean of many pictures with the fitted trend, and what is left when it is divided by it.</summary>
public static class TrendPicture
{
    const int Left = 58, Right = 130, Head = 66, Gap = 44, Width = 580, MeanHeight = 190, LeftHeight = 120, Foot = 44;
    static readonly SKColor Measured = LineDrawing.Colour(0), Fitted = LineDrawing.Colour(1);

    /// <summary>Draws a trend.</summary>
    public static RgbImage Of(AttentionBias bias)
    {
        ArgumentNullException.ThrowIfNull(bias);
        var (mean, fitted, left) = Parts(bias);
        string[] captions = Captions(bias);
        return Picture.Draw(Left + Width + Right, Head + MeanHeight + Gap + LeftHeight + Foot, canvas =>
        {
            Lettering.Draw(canvas, captions[0], 0, 15, 15, Picture.Ink);
            Lettering.Draw(canvas, captions[1], 0, 34, ChartFrame.TitleSize, Picture.PaleInk);
            Interval x = new(0, mean.Length);

            var before = new ChartFrame(SKRect.Create(Left, Head, Width, MeanHeight), x, new(0, 1.08 * Math.Max(mean.Max(), fitted.Max())));
            before.Title(canvas, "Mean attention by place, in multiples of an even share");
            before.YTicks(canvas);
            before.HorizontalLine(canvas, 1, Picture.PaleInk, 2, 3);
            Draw(canvas, before, mean, Measured, 1.2f);
            Draw(canvas, before, fitted, Fitted, 2.4f);
            before.Border(canvas);
            Names(canvas, before, ("measured", mean[^1], Measured), ("trend", fitted[^1], Fitted));

            var after = new ChartFrame(SKRect.Create(Left, before.Plot.Bottom + Gap, Width, LeftHeight), x, new(0, 1.08 * left.Max()));
            after.Title(canvas, "What is left: measured / trend");
            after.YTicks(canvas);
            after.HorizontalLine(canvas, 1, Picture.PaleInk, 2, 3);
            Draw(canvas, after, left, Measured, 1.2f);
            after.Border(canvas);
            foreach (double place in ChartFrame.RoundNumbers(x, 8)) after.XLabel(canvas, place, ChartFrame.Number(place));
            after.XTitle(canvas, "place of the visual token, row by row (0: top left)");
        });
    }

    /// <summary>The picture in words and numbers: eight parts of the picture from top to bottom.</summary>
    public static string Text(AttentionBias bias)
    {
        ArgumentNullException.ThrowIfNull(bias);
        var (mean, fitted, left) = Parts(bias);
        int parts = Math.Min(8, mean.Length);
        return $"{string.Join('\n', Captions(bias))}\n{Table.Of(Enumerable.Range(0, parts), ("places", Places), ("attention, even = 1", part => Of(mean, part)), ("trend", part => Of(fitted, part)), ("left", part => Of(left, part)))}";

        (int From, int To) Range(int part) => (part * mean.Length / parts, (part + 1) * mean.Length / parts);
        object Places(int part) => Range(part) is var (from, to) ? $"{from} to {to - 1}" : "";
        object Of(double[] values, int part) => Range(part) is var (from, to) ? values[from..to].Average() : 0;
    }

    // In multiples of an even share, so that numbers mean the same for every grid.
    static (double[] Mean, double[] Fitted, double[] Left) Parts(AttentionBias bias)
    {
        double even = bias.Mean.Average();
        double[] left = bias.Debiased;
        return (Array.ConvertAll(bias.Mean, value => value / even), Array.ConvertAll(bias.Fitted, value => value / even), Array.ConvertAll(left, value => value / left.Average()));
    }

    static string[] Captions(AttentionBias bias)
    {
        string text = bias.Sigma is { } sigma
            ? $"Trend of attention over places: σ = {Strength(sigma)}{(bias.SigmaInterval is { } drawn ? $" [{Strength(drawn.Low)}, {Strength(drawn.High)}]" : "")}"
            : $"Trend of attention over places: {bias.Trend.GetType().Name.ToLowerInvariant()}";
        string explained = double.IsFinite(bias.Explained) ? string.Create(CultureInfo.InvariantCulture, $"; the trend explains {100 * bias.Explained:0} % of the variance between places") : "";
        return [text, $"{bias.Samples} sample{(bias.Samples == 1 ? "" : "s")}{explained}; fitted again to what is left, σ = {Strength(bias.Refit().Sigma!.Value)}."];

        // Adding zero makes a zero of a negative one.
        static string Strength(double sigma) => (Math.Round(sigma, 2) + 0.0).ToString("0.00", CultureInfo.InvariantCulture).Replace('-', '−');
    }

    static void Draw(SKCanvas canvas, ChartFrame frame, double[] values, SKColor colour, float width)
    {
        using var paint = new SKPaint { Color = colour, StrokeWidth = width, StrokeCap = SKStrokeCap.Round, IsAntialias = true };
        for (int i = 1; i < values.Length; i++)
            canvas.DrawLine(frame.AtX(i - 0.5), frame.AtY(values[i - 1]), frame.AtX(i + 0.5), frame.AtY(values[i]), paint);
    }

    static void Names(SKCanvas canvas, ChartFrame frame, params (string Name, double Y, SKColor Colour)[] lines)
    {
        var ends = lines.OrderByDescending(line => line.Y).ToArray();
        float[] at = LineDrawing.Apart([.. ends.Select(end => frame.AtY(end.Y))], frame.Plot.Top, frame.Plot.Bottom);
        for (int i = 0; i < ends.Length; i++)
            Lettering.Draw(canvas, ends[i].Name, frame.Plot.Right + 8, at[i] + ChartFrame.TextSize * Lettering.CapHeight / 2, ChartFrame.TextSize, ends[i].Colour);
    }
}
