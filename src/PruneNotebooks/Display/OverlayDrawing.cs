using System.Globalization;
using PruneNotebooks.Models;
using SkiaSharp;

namespace PruneNotebooks.Display;

/// <summary>Draws one overlay: a line of text, the painted picture, and a bar that explains the colours of the scores.</summary>
static class OverlayDrawing
{
    public const float TextSize = 13;
    const float SmallTextSize = 11;
    const int LineHeight = 18;
    const int BarHeight = 22;

    /// <param name="overlay">What to draw.</param>
    /// <param name="longestSide">Pixels of the picture's longer side, about.</param>
    /// <param name="mayWiden">Whether a long title makes the drawing wider than the picture; otherwise it is cut.</param>
    public static RgbImage Draw(TokenOverlay overlay, int longestSide, bool mayWiden)
    {
        var (width, height) = Size(overlay.Image, longestSide);
        var patches = PatchPainter.Paint(overlay, width, height);
        string title = overlay.Title ?? "", count = overlay is { Scores: not null } && overlay.Kept.Count == overlay.Grid.Count ? "" : $"{overlay.Kept.Count} / {overlay.Grid.Count}";
        float titleWidth = Lettering.Width(title, TextSize), countWidth = Lettering.Width(count, TextSize);
        int paper = mayWiden ? Math.Max(width, (int)Math.Ceiling(titleWidth)) : width;
        bool oneLine = title.Length == 0 || titleWidth + 12 + countWidth <= width;
        int head = oneLine ? LineHeight : 2 * LineHeight;

        return Picture.Draw(paper, head + height + (overlay.Scores is null ? 0 : BarHeight), canvas =>
        {
            Lettering.Draw(canvas, Lettering.Fit(title, TextSize, paper), 0, 13, TextSize, Picture.Ink);
            float countX = title.Length > 0 && oneLine ? width - countWidth : 0;
            Lettering.Draw(canvas, Lettering.Fit(count, TextSize, paper), countX, head - LineHeight + 13, TextSize, Picture.PaleInk);
            canvas.Put(patches, 0, head);
            if (overlay.Scores is not null) DrawBar(canvas, overlay.Colours, overlay.Range, head + height, width);
        });
    }

    static (int Width, int Height) Size(RgbImage image, int longestSide)
    {
        if (longestSide < 16)
            throw new ArgumentOutOfRangeException(nameof(longestSide), longestSide, $"A drawing is at least 16 pixels large; {longestSide} were asked for.");
        int longest = Math.Max(image.Width, image.Height);
        double scale = longest <= longestSide ? longestSide / longest : (double)longestSide / longest;
        return (Math.Max(1, (int)Math.Round(image.Width * scale)), Math.Max(1, (int)Math.Round(image.Height * scale)));
    }

    static void DrawBar(SKCanvas canvas, ColourMap colours, ScoreRange range, int top, int width)
    {
        string low = range.Low.ToString("G3", CultureInfo.InvariantCulture), high = range.High.ToString("G3", CultureInfo.InvariantCulture);
        int left = (int)Math.Ceiling(Lettering.Width(low, SmallTextSize)) + 6;
        int right = width - (int)Math.Ceiling(Lettering.Width(high, SmallTextSize)) - 6;
        Lettering.Draw(canvas, low, 0, top + 16, SmallTextSize, Picture.PaleInk);
        Lettering.Draw(canvas, high, right + 6, top + 16, SmallTextSize, Picture.PaleInk);
        using var paint = new SKPaint();
        for (int x = left; x < right; x++)
        {
            var (r, g, b) = colours[(x - left) / Math.Max(1.0, right - 1 - left)];
            paint.Color = new SKColor(r, g, b);
            canvas.DrawRect(x, top + 8, 1, 8, paint);
        }
    }
}
