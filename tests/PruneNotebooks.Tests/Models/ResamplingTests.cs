using CsCheck;
using PruneNotebooks.Models;

namespace PruneNotebooks.Tests.Models;

public sealed class ResamplingTests
{
    static readonly Gen<Resample> Filters = Gen.Int[1, 5].Select(code => (Resample)code);

    static readonly Gen<RgbImage> Images =
        from width in Gen.Int[1, 30]
        from height in Gen.Int[1, 30]
        from pixels in Gen.Byte.Array[width * height * 3]
        select new RgbImage(width, height, pixels);

    [Fact]
    public void One_colour_stays_one_colour() =>
        Gen.Select(Gen.Int[1, 40], Gen.Int[1, 40], Gen.Int[1, 40], Gen.Int[1, 40], Gen.Byte, Filters).Sample((w, h, toW, toH, value, filter) =>
        {
            byte[] pixels = new byte[w * h * 3];
            pixels.AsSpan().Fill(value);
            var result = Resampling.Resize(new(w, h, pixels), toW, toH, filter);
            return result.Width == toW && result.Height == toH && result.Pixels.Span.IndexOfAnyExcept(value) < 0;
        }, iter: 300);

    [Fact]
    public void The_result_is_the_convolution_up_to_rounding() =>
        Gen.Select(Images, Gen.Int[1, 30], Gen.Int[1, 30]).Sample((image, width, height) =>
        {
            var result = Resampling.Resize(image, width, height, Resample.Bilinear);
            // The triangle filter computed in floating point; the picture between the passes is rounded (one step
            // where it is a tie), and the result again (half a step).
            var rows = Triangle(image.Pixels.ToArray().Select(b => (double)b).ToArray(), image.Height, image.Width, width, 3);
            var expected = Triangle(rows.Select(x => Math.Round(x)).ToArray(), 1, image.Height, height, 3 * width);
            return result.Pixels.ToArray().Zip(expected).All(pair => Math.Abs(pair.First - pair.Second) < 1.6);
        }, iter: 200);

    [Fact]
    public void The_same_size_gives_the_same_picture() =>
        Gen.Select(Images, Filters).Sample((image, filter) => ReferenceEquals(image, Resampling.Resize(image, image.Width, image.Height, filter)));

    [Fact]
    public void Mirrored_pictures_give_mirrored_results() =>
        Gen.Select(Images, Gen.Int[1, 30]).Sample((image, width) =>
        {
            var result = Mirror(Resampling.Resize(image, width, image.Height, Resample.Bicubic)).Pixels.Span;
            return result.SequenceEqual(Resampling.Resize(Mirror(image), width, image.Height, Resample.Bicubic).Pixels.Span);
        }, iter: 200);

    [Theory]
    [InlineData(0, 5)]
    [InlineData(5, -1)]
    [InlineData(100_000, 100_000)]
    public void Impossible_sizes_are_refused(int width, int height) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Resampling.Resize(new(1, 1, [1, 2, 3]), width, height));

    static RgbImage Mirror(RgbImage image)
    {
        var pixels = image.Pixels.Span;
        byte[] result = new byte[pixels.Length];
        for (int i = 0; i < image.Width * image.Height; i++)
        {
            int mirrored = i / image.Width * image.Width + image.Width - 1 - i % image.Width;
            pixels.Slice(i * 3, 3).CopyTo(result.AsSpan(mirrored * 3));
        }
        return new(image.Width, image.Height, result);
    }

    static double[] Triangle(double[] source, int outer, int from, int to, int inner)
    {
        var result = new double[outer * to * inner];
        double scale = (double)from / to, radius = Math.Max(scale, 1);
        for (int i = 0; i < result.Length; i++)
        {
            double centre = (i / inner % to + 0.5) * scale, sum = 0, total = 0;
            for (int pixel = 0; pixel < from; pixel++)
            {
                double weight = Math.Max(0, 1 - Math.Abs(pixel + 0.5 - centre) / radius);
                sum += weight * source[(i / inner / to * from + pixel) * inner + i % inner];
                total += weight;
            }
            result[i] = sum / total;
        }
        return result;
    }
}
