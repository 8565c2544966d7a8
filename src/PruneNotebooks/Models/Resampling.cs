namespace PruneNotebooks.Models;

/// <summary>How a picture is resized. The numbers are those of the <c>resample</c> field in configuration files (and of Pillow).</summary>
public enum Resample
{
    /// <summary>A windowed sinc of radius 3.</summary>
    Lanczos = 1,

    /// <summary>A triangle of radius 1.</summary>
    Bilinear = 2,

    /// <summary>The cubic convolution of Keys with a = -0.5, radius 2.</summary>
    Bicubic = 3,

    /// <summary>The mean over the pixels that a new pixel covers.</summary>
    Box = 4,

    /// <summary>A Hamming window of radius 1.</summary>
    Hamming = 5,
}

/// <summary>Antialiased resizing of 8-bit pictures, bit for bit as the reference image processors do it.</summary>
/// <remarks>
/// The algorithm is Pillow's: two one-dimensional convolutions, horizontal first, with an 8-bit picture between them. The weights of an
/// output pixel cover <c>radius * max(1, scale)</c> input pixels to each side and sum to one; sums are rounded half up and clamped to
/// 0..255. Weights are rounded to 16-bit fixed point as in torchvision, where Pillow keeps 22 fractional bits: a few values in a thousand
/// differ from Pillow's by one.
/// </remarks>
public static class Resampling
{
    /// <summary>The picture at another size.</summary>
    /// <param name="image">The picture; returned as it is if it has that size.</param>
    /// <param name="width">New width in pixels, at least 1.</param>
    /// <param name="height">New height in pixels, at least 1.</param>
    /// <param name="filter">The convolution kernel.</param>
    public static RgbImage Resize(RgbImage image, int width, int height, Resample filter = Resample.Bicubic)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (width < 1)
            throw new ArgumentOutOfRangeException(nameof(width), width, "A picture is at least one pixel wide.");
        if (height < 1)
            throw new ArgumentOutOfRangeException(nameof(height), height, "A picture is at least one pixel high.");
        // Between the two convolutions the picture has the new width and the old height.
        if ((long)width * Math.Max(height, image.Height) > RgbImage.MaxPixelCount)
        {
            throw new ArgumentOutOfRangeException(
                nameof(width), $"{width} x {height}", $"Resizing {image} takes more than {RgbImage.MaxPixelCount} pixels.");
        }
        if (width == image.Width && height == image.Height)
            return image;
        var pixels = image.Pixels;
        if (width != image.Width)
            pixels = Convolve(pixels, outer: image.Height, image.Width, width, inner: 3, filter);
        if (height != image.Height)
            pixels = Convolve(pixels, outer: 1, image.Height, height, inner: 3 * width, filter);
        return new(width, height, pixels.Span);
    }

    /// <summary>Resizes the middle dimension of <c>[outer, from, inner]</c> bytes: <c>[outer, to, inner]</c>.</summary>
    static byte[] Convolve(ReadOnlyMemory<byte> source, int outer, int from, int to, int inner, Resample filter)
    {
        var (starts, weights, bits) = Taps(from, to, filter);
        var result = new byte[checked(outer * to * inner)];
        Parallel.For(0, outer * to, line =>
        {
            var taps = weights[line % to];
            var window = source.Span.Slice((line / to * from + starts[line % to]) * inner, taps.Length * inner);
            var target = result.AsSpan(line * inner, inner);
            for (int i = 0; i < inner; i++)
            {
                int sum = 1 << (bits - 1);
                for (int tap = 0, at = i; tap < taps.Length; tap++, at += inner)
                    sum += taps[tap] * window[at];
                target[i] = (byte)Math.Clamp(sum >> bits, 0, 255);
            }
        });
        return result;
    }

    /// <summary>For each output pixel: the first input pixel it looks at, the weights from there on, and their fractional bits.</summary>
    static (int[] Starts, int[][] Weights, int Bits) Taps(int from, int to, Resample filter)
    {
        var (radius, kernel) = Kernel(filter);
        double scale = (double)from / to, stretch = Math.Max(scale, 1), support = radius * stretch;
        var starts = new int[to];
        var weights = new double[to][];
        for (int i = 0; i < to; i++)
        {
            double centre = (i + 0.5) * scale;
            int start = starts[i] = Math.Max((int)(centre - support + 0.5), 0), end = Math.Min((int)(centre + support + 0.5), from);
            double[] raw = [.. Enumerable.Range(start, end - start).Select(pixel => kernel((pixel - centre + 0.5) / stretch))];
            double total = raw.Sum();
            weights[i] = Array.ConvertAll(raw, w => w / total);
        }
        int bits = FractionBits(weights.Max(w => w.Max()));
        return (starts, Array.ConvertAll(weights, w => Array.ConvertAll(w, x => ToFixedPoint(x, bits))), bits);
    }

    /// <summary>As many as let the largest weight fit into 16 bits.</summary>
    static int FractionBits(double largest)
    {
        int bits = 0;
        while (bits < 22 && ToFixedPoint(largest, bits + 1) < 1 << 15)
            bits++;
        return bits;
    }

    static int ToFixedPoint(double weight, int bits) => (int)(weight * (1 << bits) + Math.CopySign(0.5, weight));

    static (double Radius, Func<double, double> Kernel) Kernel(Resample filter) => filter switch
    {
        Resample.Lanczos => (3, x => x is >= -3 and < 3 ? Sinc(x) * Sinc(x / 3) : 0),
        Resample.Bilinear => (1, x => Math.Max(1 - Math.Abs(x), 0)),
        Resample.Bicubic => (2, x => Cubic(Math.Abs(x))),
        Resample.Box => (0.5, x => x is > -0.5 and <= 0.5 ? 1 : 0),
        Resample.Hamming => (1, x => Math.Abs(x) < 1 ? Sinc(x) * (0.54 + 0.46 * Math.Cos(x * Math.PI)) : 0),
        _ => throw new ArgumentOutOfRangeException(nameof(filter), filter, "There are Lanczos, Bilinear, Bicubic, Box and Hamming."),
    };

    static double Sinc(double x) => x == 0 ? 1 : Math.Sin(x * Math.PI) / (x * Math.PI);

    static double Cubic(double x)
    {
        const double a = -0.5;
        return x < 1 ? ((a + 2) * x - (a + 3)) * x * x + 1
             : x < 2 ? (((x - 5) * x + 8) * x - 4) * a
             : 0;
    }
}
