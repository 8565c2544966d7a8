using CsCheck;
using PruneNotebooks.Models;
using SkiaSharp;

namespace PruneNotebooks.Tests.Models;

public sealed class RgbImageTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("rgb-image-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    static readonly Gen<RgbImage> Images =
        from width in Gen.Int[1, 40]
        from height in Gen.Int[1, 40]
        from pixels in Gen.Byte.Array[width * height * 3]
        select new RgbImage(width, height, pixels);

    [Fact]
    public void A_png_round_trip_keeps_every_byte() => Images.Sample(image =>
    {
        var back = RgbImage.Decode(image.ToPng());
        return back.Width == image.Width && back.Height == image.Height && back.Pixels.Span.SequenceEqual(image.Pixels.Span);
    }, iter: 200);

    [Fact]
    public void A_png_is_deterministic() => Images.Sample(image => image.ToPng().SequenceEqual(image.ToPng()), iter: 50);

    [Fact]
    public void A_picture_does_not_change_when_the_array_it_was_made_from_does()
    {
        byte[] pixels = [1, 2, 3];
        var image = new RgbImage(1, 1, pixels);
        pixels[0] = 99;
        Assert.Equal([1, 2, 3], image.Pixels.ToArray());
    }

    [Fact]
    public void Saving_replaces_the_file_and_leaves_no_other()
    {
        string path = Path.Combine(_folder, "a.png");
        File.WriteAllText(path, "old");
        var image = new RgbImage(2, 1, [255, 0, 0, 0, 0, 255]);
        image.Save(path);
        Assert.Equal([255, 0, 0, 0, 0, 255], RgbImage.Load(path).Pixels.ToArray());
        Assert.Equal([path], Directory.GetFiles(_folder));
    }

    [Fact]
    public void Transparency_is_dropped_not_blended()
    {
        using var bitmap = new SKBitmap(new SKImageInfo(1, 1, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        byte[] pixel = [200, 100, 50, 7];
        pixel.CopyTo(bitmap.GetPixelSpan());
        using var png = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        Assert.Equal([200, 100, 50], RgbImage.Decode(png.ToArray()).Pixels.ToArray());
    }

    [Theory]
    [InlineData(0, 1, 0, "width")]
    [InlineData(1, -2, 0, "height")]
    [InlineData(2, 2, 11, "pixels")]
    public void A_size_that_does_not_fit_is_refused(int width, int height, int bytes, string argument)
    {
        var error = Assert.ThrowsAny<ArgumentException>(() => new RgbImage(width, height, new byte[bytes]));
        Assert.Equal(argument, error.ParamName);
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        string path = Path.Combine(_folder, "nowhere.png");
        Assert.Contains(path, Assert.Throws<FileNotFoundException>(() => RgbImage.Load(path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("this is not a picture")]
    public void A_file_that_is_no_picture_is_named(string content)
    {
        string path = Path.Combine(_folder, "text.png");
        File.WriteAllText(path, content);
        Assert.Contains(path, Assert.Throws<InvalidDataException>(() => RgbImage.Load(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_truncated_file_is_refused_at_every_length()
    {
        byte[] png = Noise(16, 16).ToPng();
        string path = Path.Combine(_folder, "cut.png");
        const int checksumsAndEndMarker = 24; // behind the last pixel
        for (int length = 0; length < png.Length - checksumsAndEndMarker; length += 7)
        {
            File.WriteAllBytes(path, png[..length]);
            Assert.Contains(path, Assert.Throws<InvalidDataException>(() => RgbImage.Load(path)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Damaged_bytes_give_a_picture_or_a_sentence_but_no_other_failure()
    {
        byte[] png = Noise(12, 9).ToPng();
        Gen.Select(Gen.Int[0, png.Length - 1], Gen.Byte).Sample((position, value) =>
        {
            byte[] damaged = [.. png];
            damaged[position] = value;
            try
            {
                RgbImage.Decode(damaged);
            }
            catch (InvalidDataException)
            {
            }
        }, iter: 500);
    }

    [Theory]
    [InlineData("astronaut.jpg", 512, 512)]
    [InlineData("cat.jpg", 451, 300)]
    public void Photographs_are_read(string name, int width, int height)
    {
        var image = RgbImage.Load(Path.Combine(TestData.Path(".."), "..", "data", "images", name));
        Assert.Equal((width, height), (image.Width, image.Height));
    }

    [Fact]
    public void A_truncated_photograph_is_refused()
    {
        byte[] jpeg = Jpeg(Noise(64, 48));
        string path = Path.Combine(_folder, "cut.jpg");
        File.WriteAllBytes(path, jpeg[..(jpeg.Length / 2)]);
        Assert.Contains(path, Assert.Throws<InvalidDataException>(() => RgbImage.Load(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_orientation_that_a_camera_noted_is_not_applied()
    {
        byte[] jpeg = Jpeg(Noise(16, 8));
        // After the two bytes that begin the file: an EXIF segment that says "turn by 90 degrees".
        byte[] exif =
        [
            0xFF, 0xE1, 0, 34, (byte)'E', (byte)'x', (byte)'i', (byte)'f', 0, 0, (byte)'M', (byte)'M', 0, 42, 0, 0, 0, 8,
            0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0,
        ];
        byte[] noted = [.. jpeg[..2], .. exif, .. jpeg[2..]];
        using var codec = SKCodec.Create(new MemoryStream(noted));
        Assert.Equal(SKEncodedOrigin.RightTop, codec.EncodedOrigin);
        var turned = RgbImage.Decode(noted);
        Assert.Equal(RgbImage.Decode(jpeg).Pixels.ToArray(), turned.Pixels.ToArray());
        Assert.Equal((16, 8), (turned.Width, turned.Height));
    }

    static byte[] Jpeg(RgbImage image)
    {
        using var bitmap = SKBitmap.Decode(image.ToPng());
        using var jpeg = bitmap.Encode(SKEncodedImageFormat.Jpeg, 90);
        return jpeg.ToArray();
    }

    static RgbImage Noise(int width, int height)
    {
        byte[] pixels = new byte[width * height * 3];
        new Random(1).NextBytes(pixels);
        return new(width, height, pixels);
    }
}
