using System.Globalization;
using PruneNotebooks.Metrics;
using SkiaSharp;

namespace PruneNotebooks.Display;

/// <summary>The frame of a chart that is drawn into a picture: where numbers lie on the paper, with its ticks and titles.</summary>
/// <param name="Plot">The frame, in pixels.</param>
/// <param name="X">The numbers at its left and its right side.</param>
/// <param name="Y">The numbers at its lower and its upper side.</param>
sealed record ChartFrame(SKRect Plot, Interval X, Interval Y)
{
    public const float TextSize = 11, TitleSize = 12;
    static readonly SKColor Grid = new(0xE4, 0xE4, 0xE4), Frame = new(0x88, 0x88, 0x88);

    public float AtX(double x) => Plot.Left + (float)((x - X.Low) / (X.High - X.Low)) * Plot.Width;

    public float AtY(double y) => Plot.Bottom - (float)((y - Y.Low) / (Y.High - Y.Low)) * Plot.Height;

    /// <summary>Round numbers that part an interval, about <paramref name="about"/> of them.</summary>
    public static double[] RoundNumbers(Interval range, int about)
    {
        double rough = (range.High - range.Low) / Math.Max(1, about), size = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        double step = new[] { 1, 2, 5, 10 }.Select(factor => factor * size).First(step => step >= rough * 0.7);
        int first = (int)Math.Ceiling(range.Low / step - 1e-9), last = (int)Math.Floor(range.High / step + 1e-9);
        return [.. Enumerable.Range(first, last - first + 1).Select(i => i * step)];
    }

    /// <summary>Whole numbers of an axis, so many that <paramref name="pixels"/> lie between two of them.</summary>
    public IEnumerable<int> WholeX(int first, int last, float pixels = 22)
    {
        int step = 1;
        while (step * Plot.Width / (X.High - X.Low) < pixels) step = step == 1 ? 2 : step == 2 ? 4 : 2 * step;
        for (int i = first; i <= last; i += step) yield return i;
    }

    /// <summary>A line of text over the frame, at its left side.</summary>
    public void Title(SKCanvas canvas, string text) => Lettering.Draw(canvas, text, Plot.Left, Plot.Top - 7, TitleSize, Picture.Ink);

    /// <summary>Horizontal grid lines with their numbers.</summary>
    public void YTicks(SKCanvas canvas, Func<double, string>? label = null)
    {
        foreach (double y in RoundNumbers(Y, Math.Max(2, (int)(Plot.Height / 34))))
        {
            HorizontalLine(canvas, y, Grid);
            YLabel(canvas, y, label?.Invoke(y) ?? Number(y));
        }
    }

    /// <summary>A label at the left side.</summary>
    public void YLabel(SKCanvas canvas, double y, string label) => Lettering.Draw(
        canvas, label, Plot.Left - 6 - Lettering.Width(label, TextSize), AtY(y) + TextSize * Lettering.CapHeight / 2, TextSize, Picture.PaleInk);

    /// <summary>A label under the frame, with a tick.</summary>
    public void XLabel(SKCanvas canvas, double x, string label)
    {
        using var paint = new SKPaint { Color = Frame };
        canvas.DrawRect(MathF.Round(AtX(x)), Plot.Bottom, 1, 3, paint);
        Lettering.Draw(canvas, label, AtX(x) - Lettering.Width(label, TextSize) / 2, Plot.Bottom + 15, TextSize, Picture.PaleInk);
    }

    /// <summary>What the horizontal axis shows, in the middle below its labels.</summary>
    public void XTitle(SKCanvas canvas, string text) => Lettering.Draw(
        canvas, text, Math.Max(0, Plot.MidX - Lettering.Width(text, TextSize) / 2), Plot.Bottom + 32, TextSize, Picture.Ink);

    /// <summary>The lower and the left side.</summary>
    public void Border(SKCanvas canvas)
    {
        using var paint = new SKPaint { Color = Frame };
        canvas.DrawRect(Plot.Left, Plot.Bottom, Plot.Width, 1, paint);
        canvas.DrawRect(Plot.Left - 1, Plot.Top, 1, Plot.Height + 1, paint);
    }

    /// <summary>A line at a height, from side to side.</summary>
    public void HorizontalLine(SKCanvas canvas, double y, SKColor colour, params float[] dash) =>
        Line(canvas, new(Plot.Left, MathF.Round(AtY(y)) + 0.5f), new(Plot.Right, MathF.Round(AtY(y)) + 0.5f), colour, dash);

    /// <summary>A line at a place, from the lower to the upper side.</summary>
    public void VerticalLine(SKCanvas canvas, double x, SKColor colour, params float[] dash) =>
        Line(canvas, new(MathF.Round(AtX(x)) + 0.5f, Plot.Top), new(MathF.Round(AtX(x)) + 0.5f, Plot.Bottom), colour, dash);

    static void Line(SKCanvas canvas, SKPoint from, SKPoint to, SKColor colour, float[] dash)
    {
        using var effect = dash.Length == 0 ? null : SKPathEffect.CreateDash(dash, 0);
        using var paint = new SKPaint { Color = colour, PathEffect = effect, StrokeWidth = dash.Length == 0 ? 1 : 1.5f };
        canvas.DrawLine(from, to, paint);
    }

    /// <summary>A number at an axis.</summary>
    public static string Number(double value) => value.ToString("0.####", CultureInfo.InvariantCulture).Replace('-', '−');
}
