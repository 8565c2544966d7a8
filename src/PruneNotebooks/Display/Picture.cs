using System.Runtime.InteropServices;
using PruneNotebooks.Models;
using SkiaSharp;

namespace PruneNotebooks.Display;

/// <summary>Draws a picture with SkiaSharp on white paper.</summary>
static class Picture
{
    /// <summary>Ink of titles and labels.</summary>
    public static readonly SKColor Ink = new(0x22, 0x22, 0x22);

    /// <summary>Ink of what may be overlooked.</summary>
    public static readonly SKColor PaleInk = new(0x66, 0x66, 0x66);

    /// <summary>A picture of that size, painted by <paramref name="paint"/>.</summary>
    public static RgbImage Draw(int width, int height, Action<SKCanvas> paint)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        using (var canvas = new SKCanvas(bitmap))
        {
            canvas.Clear(SKColors.White);
            paint(canvas);
        }
        var rgba = bitmap.GetPixelSpan();
        var rgb = new byte[width * height * 3];
        for (int from = 0, to = 0; to < rgb.Length; from += 4, to += 3) rgba.Slice(from, 3).CopyTo(rgb.AsSpan(to));
        return new(width, height, rgb);
    }

    /// <summary>Puts a picture onto the canvas, pixel by pixel.</summary>
    public static void Put(this SKCanvas canvas, RgbImage image, int x, int y)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(image.Width, image.Height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        var rgb = image.Pixels.Span;
        var rgba = MemoryMarshal.Cast<byte, uint>(bitmap.GetPixelSpan());
        for (int i = 0, from = 0; i < rgba.Length; i++, from += 3)
            rgba[i] = 0xFF000000u | (uint)rgb[from + 2] << 16 | (uint)rgb[from + 1] << 8 | rgb[from];
        canvas.DrawBitmap(bitmap, x, y, SKSamplingOptions.Default);
    }
}
