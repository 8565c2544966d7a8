using System.Runtime.InteropServices;
using PruneNotebooks.Runtime;
using SkiaSharp;

namespace PruneNotebooks.Models;

/// <summary>An immutable picture: 8-bit red, green, blue, row by row from the top left.</summary>
/// <remarks>
/// Reading a file does what the reference pipelines do (<c>PIL.Image.open(path).convert("RGB")</c>): transparency is dropped rather than
/// blended, colour profiles and EXIF orientation are not applied, of an animation the first frame is taken.
/// </remarks>
public sealed class RgbImage
{
    /// <summary>Larger pictures are refused before memory is taken for them; the limit at which Pillow refuses, too.</summary>
    public const long MaxPixelCount = 178_956_970;

    readonly byte[] _pixels;

    /// <summary>Copies the pixels of a picture.</summary>
    /// <param name="width">Pixels in a row, at least 1.</param>
    /// <param name="height">Rows, at least 1.</param>
    /// <param name="pixels"><c>height * width * 3</c> bytes: row-major, each pixel red, green, blue.</param>
    /// <exception cref="ArgumentException">The size is not positive, or the number of bytes does not fit it.</exception>
    public RgbImage(int width, int height, ReadOnlySpan<byte> pixels)
        : this(pixels.ToArray(), width, height)
    {
    }

    RgbImage(byte[] pixels, int width, int height)
    {
        if (width < 1)
            throw new ArgumentOutOfRangeException(nameof(width), width, "A picture is at least one pixel wide.");
        if (height < 1)
            throw new ArgumentOutOfRangeException(nameof(height), height, "A picture is at least one pixel high.");
        if (pixels.Length != (long)width * height * 3)
        {
            throw new ArgumentException(
                $"A picture of {width} x {height} pixels has {(long)width * height * 3} bytes (3 each), but {pixels.Length} were given.",
                nameof(pixels));
        }
        (Width, Height, _pixels) = (width, height, pixels);
    }

    /// <summary>Pixels in a row.</summary>
    public int Width { get; }

    /// <summary>Number of rows.</summary>
    public int Height { get; }

    /// <summary><c>Height * Width * 3</c> bytes: row-major, each pixel red, green, blue.</summary>
    public ReadOnlyMemory<byte> Pixels => _pixels;

    /// <summary>Reads a picture file: PNG, JPEG, WebP, GIF or BMP.</summary>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">The file is not a picture, is damaged or is too large.</exception>
    public static RgbImage Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!File.Exists(path))
            throw new FileNotFoundException($"There is no picture file '{path}'.", path);
        return Decode(File.ReadAllBytes(path), $"The file '{path}'");
    }

    /// <summary>Decodes the bytes of a picture file: PNG, JPEG, WebP, GIF or BMP.</summary>
    /// <exception cref="InvalidDataException">The bytes are not a picture, are damaged, or the picture is too large.</exception>
    public static RgbImage Decode(ReadOnlySpan<byte> file) => Decode(file, $"The data ({file.Length} bytes)");

    static RgbImage Decode(ReadOnlySpan<byte> file, string source)
    {
        using var data = SKData.CreateCopy(file);
        using var codec = SKCodec.Create(data) ?? throw new InvalidDataException(
            $"{source} is not a picture that can be read: PNG, JPEG, WebP, GIF and BMP can.");
        var (width, height) = (codec.Info.Width, codec.Info.Height);
        if ((long)width * height > MaxPixelCount)
            throw new InvalidDataException($"{source} says that it holds {width} x {height} pixels; at most {MaxPixelCount} are read.");
        // Unpremultiplied, and without a colour space: the numbers of the file as they are.
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        var result = codec.GetPixels(bitmap.Info, bitmap.GetPixels());
        if (result != SKCodecResult.Success)
            throw new InvalidDataException($"{source} is a damaged {codec.EncodedFormat} of {width} x {height} pixels: {Reason(result)}.");
        return new(DropAlpha(bitmap.GetPixelSpan(), width * height), width, height);
    }

    static string Reason(SKCodecResult result) => result switch
    {
        SKCodecResult.IncompleteInput => "it ends too early",
        SKCodecResult.ErrorInInput => "its data contradict themselves",
        _ => $"the decoder says {result}",
    };

    static byte[] DropAlpha(ReadOnlySpan<byte> rgba, int count)
    {
        var rgb = new byte[checked(count * 3)];
        for (int from = 0, to = 0; to < rgb.Length; from += 4, to += 3)
        {
            rgb[to] = rgba[from];
            rgb[to + 1] = rgba[from + 1];
            rgb[to + 2] = rgba[from + 2];
        }
        return rgb;
    }

    /// <summary>The picture as a PNG file; the same picture always gives the same bytes.</summary>
    public byte[] ToPng()
    {
        using var bitmap = new SKBitmap(new SKImageInfo(Width, Height, SKColorType.Rgb888x, SKAlphaType.Opaque));
        var rgbx = MemoryMarshal.Cast<byte, uint>(bitmap.GetPixelSpan());
        for (int i = 0, from = 0; i < rgbx.Length; i++, from += 3)
            rgbx[i] = 0xFF000000u | (uint)_pixels[from + 2] << 16 | (uint)_pixels[from + 1] << 8 | _pixels[from];
        using var pixmap = bitmap.PeekPixels();
        using var png = pixmap.Encode(new SKPngEncoderOptions(SKPngEncoderFilterFlags.AllFilters, zLibLevel: 6))
            ?? throw new InvalidOperationException($"The picture of {this} could not be written as PNG.");
        return png.ToArray();
    }

    /// <summary>Writes the picture as a PNG file: completely or not at all.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path) => AtomicFile.Write(path, ToPng());

    /// <inheritdoc/>
    public override string ToString() => $"{Width} x {Height} pixels";
}
