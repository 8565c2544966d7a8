using System.Collections.Concurrent;
using System.Text;
using SkiaSharp;

namespace PruneNotebooks.Display;

/// <summary>Text in pictures, the same pixels on every machine.</summary>
/// <remarks>
/// The font comes with the library, because systems have different ones or none: Inter Medium 3.19 under the SIL Open Font License, reduced by
/// fonttools' pyftsubset to Latin-1, Greek and some signs (21 KB). Other characters show as a box.
/// Glyphs are filled as outlines taken in the font's own integer units: the text engines of operating systems, which round differently, stay out of it.
/// </remarks>
static class Lettering
{
    static readonly SKTypeface Face = LoadFace();
    static readonly ConcurrentDictionary<Rune, (SKPath Outline, float Advance)> Glyphs = new();

    /// <summary>Height of a capital letter, as a part of the text size.</summary>
    public const float CapHeight = 0.727f;

    /// <summary>Width in pixels of a line of text.</summary>
    public static float Width(string text, float size) => text.EnumerateRunes().Sum(rune => Glyph(rune).Advance) * size / Face.UnitsPerEm;

    /// <summary>Draws a line of text that starts at <paramref name="x"/> and stands on <paramref name="baseline"/>.</summary>
    public static void Draw(SKCanvas canvas, string text, float x, float baseline, float size, SKColor colour)
    {
        using var paint = new SKPaint { Color = colour, IsAntialias = true };
        canvas.Save();
        canvas.Translate(x, baseline);
        canvas.Scale(size / Face.UnitsPerEm);
        foreach (var rune in text.EnumerateRunes())
        {
            var (outline, advance) = Glyph(rune);
            canvas.DrawPath(outline, paint);
            canvas.Translate(advance, 0);
        }
        canvas.Restore();
    }

    /// <summary>The text, cut with an ellipsis if it is wider than <paramref name="width"/> pixels.</summary>
    public static string Fit(string text, float size, float width)
    {
        if (Width(text, size) <= width) return text;
        int length = text.Length;
        while (length > 0 && Width(text[..length].TrimEnd() + "…", size) > width) length--;
        return text[..length].TrimEnd() + "…";
    }

    /// <summary>The text in lines of at most <paramref name="width"/> pixels, broken between words.</summary>
    public static string[] Wrap(string text, float size, float width)
    {
        List<string> lines = [];
        foreach (string word in text.Split(' '))
        {
            if (lines.Count > 0 && Width($"{lines[^1]} {word}", size) <= width) lines[^1] += $" {word}";
            else lines.Add(Fit(word, size, width));
        }
        return [.. lines];
    }

    static (SKPath Outline, float Advance) Glyph(Rune rune) => Glyphs.GetOrAdd(rune, static rune =>
    {
        using var font = new SKFont(Face, Face.UnitsPerEm) { Hinting = SKFontHinting.None, Subpixel = true, LinearMetrics = true };
        ushort glyph = font.GetGlyph(rune.Value);
        return (font.GetGlyphPath(glyph) ?? new SKPath(), font.GetGlyphWidths([glyph])[0]);
    });

    static SKTypeface LoadFace()
    {
        const string name = "PruneNotebooks.Display.Fonts.Inter-Medium.otf";
        using var file = typeof(Lettering).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The library was built without its font, {name}.");
        return SKTypeface.FromStream(file) ?? throw new InvalidOperationException($"SkiaSharp cannot read the font {name}.");
    }
}
