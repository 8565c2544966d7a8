using PruneNotebooks.Models;

namespace PruneNotebooks.Display;

/// <summary>Brings a picture to the size of its drawing: enlarged with sharp pixels, reduced to the mean of the pixels that a new one covers.</summary>
/// <remarks>This is for looking at; what a model sees is resized by its image processor.</remarks>
static class Resampling
{
    /// <returns>The pixels, <c>height * width * 3</c> bytes.</returns>
    public static byte[] Resize(RgbImage image, int width, int height)
    {
        var source = image.Pixels.Span;
        var (left, right) = Ranges(image.Width, width);
        var (top, bottom) = Ranges(image.Height, height);
        var result = new byte[width * height * 3];
        for (int y = 0, at = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++, at += 3)
            {
                int count = (bottom[y] - top[y]) * (right[x] - left[x]), r = 0, g = 0, b = 0;
                for (int row = top[y]; row < bottom[y]; row++)
                {
                    for (int from = (row * image.Width + left[x]) * 3, end = from + (right[x] - left[x]) * 3; from < end; from += 3)
                    {
                        r += source[from];
                        g += source[from + 1];
                        b += source[from + 2];
                    }
                }
                result[at] = (byte)((r + count / 2) / count);
                result[at + 1] = (byte)((g + count / 2) / count);
                result[at + 2] = (byte)((b + count / 2) / count);
            }
        }
        return result;
    }

    /// <summary>Which pixels of <paramref name="from"/> each pixel of <paramref name="to"/> covers: at least one.</summary>
    static (int[] Start, int[] End) Ranges(int from, int to)
    {
        var (start, end) = (new int[to], new int[to]);
        for (int i = 0; i < to; i++)
        {
            start[i] = (int)((long)i * from / to);
            end[i] = Math.Max(start[i] + 1, (int)((long)(i + 1) * from / to));
        }
        return (start, end);
    }
}
