using PruneNotebooks.Models;

namespace PruneNotebooks.Display;

/// <summary>Paints the patches of an overlay, pixel by pixel and without any library, so that the bytes never differ.</summary>
static class PatchPainter
{
    const double Dim = 0.35;         // what is left of the brightness of a patch that left
    const double ColourPart = 0.72;  // of a score's colour; the rest is the picture in grey
    const int SmallestPatchWithLines = 6;

    public static RgbImage Paint(TokenOverlay overlay, int width, int height)
    {
        var (image, grid) = (overlay.Image, overlay.Grid);
        var (rows, columns) = (Cells(height, grid.Height), Cells(width, grid.Width));
        bool lines = Math.Min(height / grid.Height, width / grid.Width) >= SmallestPatchWithLines;
        var range = overlay.Range;
        // Box: enlarged by a whole factor pixels stay sharp, reduced each is the mean of those that it covers.
        byte[] pixels = Resampling.Resize(image, width, height, Resample.Box).Pixels.ToArray();
        for (int y = 0, at = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++, at += 3)
            {
                int place = rows[y] * grid.Width + columns[x];
                bool kept = overlay.IsKept(place);
                var pixel = pixels.AsSpan(at, 3);
                Colour(pixel, kept, overlay, place, range);
                if (IsOutline(x, y, kept)) pixel.Fill(kept ? (byte)255 : (byte)0);
                else if (lines && (x > 0 && columns[x] != columns[x - 1] || y > 0 && rows[y] != rows[y - 1])) Mix(pixel, kept ? (byte)0 : (byte)255, 0.12);
            }
        }
        return new(width, height, pixels);

        // The border between what stayed and what left: white inside and black outside, so that it shows on every picture.
        bool IsOutline(int x, int y, bool kept) =>
            Differs(x - 1, y, kept) || Differs(x + 1, y, kept) || Differs(x, y - 1, kept) || Differs(x, y + 1, kept);
        bool Differs(int x, int y, bool kept) =>
            x >= 0 && y >= 0 && x < width && y < height && overlay.IsKept(rows[y] * grid.Width + columns[x]) != kept;
    }

    /// <summary>In which of <paramref name="cells"/> equal parts each of <paramref name="pixels"/> lies.</summary>
    static int[] Cells(int pixels, int cells) => [.. Enumerable.Range(0, pixels).Select(p => (int)((2L * p + 1) * cells / (2L * pixels)))];

    static void Colour(Span<byte> pixel, bool kept, TokenOverlay overlay, int place, ScoreRange range)
    {
        double grey = 0.299 * pixel[0] + 0.587 * pixel[1] + 0.114 * pixel[2];
        if (overlay.Scores is { } scores && float.IsFinite(scores[place]))
        {
            var (r, g, b) = overlay.Colours[range.Position(scores[place])];
            pixel[0] = Blend(r, grey);
            pixel[1] = Blend(g, grey);
            pixel[2] = Blend(b, grey);
        }
        else if (!kept)
        {
            pixel.Fill((byte)Math.Round(Dim * grey));
        }
        static byte Blend(byte colour, double grey) => (byte)Math.Round(ColourPart * colour + (1 - ColourPart) * grey);
    }

    static void Mix(Span<byte> pixel, byte other, double part)
    {
        for (int i = 0; i < 3; i++) pixel[i] = (byte)Math.Round(pixel[i] * (1 - part) + other * part);
    }
}
