using PruneNotebooks.Runtime;
using static TorchSharp.torch;

namespace PruneNotebooks.Models;

/// <summary>From a picture to the numbers that a vision tower was trained on: resize, cut out the middle, rescale, normalise.</summary>
/// <remarks>Resizing is bit for bit that of Pillow (<see cref="Resampling"/>); the tower sees what it saw in training.</remarks>
public sealed class ImageProcessor(ImageProcessorConfig config)
{
    /// <summary>What is done to each picture.</summary>
    public ImageProcessorConfig Config { get; } = config;

    /// <summary>The processor of a model folder in the Hugging Face layout.</summary>
    /// <exception cref="FileNotFoundException">The folder has no preprocessor_config.json.</exception>
    /// <exception cref="InvalidDataException">A field is damaged.</exception>
    /// <exception cref="NotSupportedException">A field asks for something that is not supported.</exception>
    public static ImageProcessor Load(string folder) => new(ImageProcessorConfig.Load(folder));

    /// <summary>One picture as <c>[3, H, W]</c>, float32, on the CPU.</summary>
    public Tensor Process(RgbImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return ProcessFitted(Fit(image));
    }

    /// <summary>Pictures of one size as <c>[B, 3, H, W]</c>, float32, on the CPU, as large as they are: rescaled and normalised, not resized and not cropped.</summary>
    public Tensor ProcessFitted(IReadOnlyList<RgbImage> images)
    {
        ArgumentNullException.ThrowIfNull(images);
        using var scope = NewDisposeScope();
        return stack(images.Select(ProcessFitted)).MoveToOuterDisposeScope();
    }

    Tensor ProcessFitted(RgbImage fitted)
    {
        using var scope = NewDisposeScope();
        var pixels = tensor(fitted.Pixels.ToArray()).reshape(fitted.Height, fitted.Width, 3).permute(2, 0, 1).to(ScalarType.Float32);
        if (Config.DoRescale)
            pixels = pixels.mul(Config.RescaleFactor.ToCachedScalar());
        if (Config.DoNormalize)
            pixels = pixels.sub(PerChannel(Config.Mean)).div(PerChannel(Config.StandardDeviation));
        return pixels.contiguous().MoveToOuterDisposeScope();
    }

    /// <summary>Several pictures as <c>[B, 3, H, W]</c>, float32, on the CPU.</summary>
    /// <exception cref="ArgumentException">There are none, or their sizes differ after the last step.</exception>
    public Tensor Process(IReadOnlyList<RgbImage> images)
    {
        ArgumentNullException.ThrowIfNull(images);
        if (images.Count == 0)
            throw new ArgumentException("At least one picture is needed.", nameof(images));
        using var scope = NewDisposeScope();
        var processed = images.Select(Process).ToList();
        int odd = processed.FindIndex(p => !p.shape.SequenceEqual(processed[0].shape));
        if (odd >= 0)
        {
            throw new ArgumentException(
                $"Pictures of one batch must come out equally large, but picture 0 ({images[0]}) became {Size(processed[0])} "
              + $"and picture {odd} ({images[odd]}) became {Size(processed[odd])}. Process them one by one.", nameof(images));
        }
        return stack(processed).MoveToOuterDisposeScope();
    }

    /// <summary>The picture in the middle of a square in the mean colour, as LLaVA-1.5's own code prepares pictures (<c>image_aspect_ratio: pad</c>); Hugging Face's processor crops instead.</summary>
    public RgbImage PadToSquare(RgbImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        int side = Math.Max(image.Width, image.Height), left = (side - image.Width) / 2, top = (side - image.Height) / 2;
        byte[] mean = [.. Config.Mean.Select(value => (byte)(255 * value))], pixels = new byte[3 * side * side];
        for (int i = 0; i < pixels.Length; i++) pixels[i] = mean[i % 3];
        for (int row = 0; row < image.Height; row++)
            image.Pixels.Span.Slice(3 * row * image.Width, 3 * image.Width).CopyTo(pixels.AsSpan(3 * ((top + row) * side + left)));
        return new(side, side, pixels);
    }

    /// <summary>The picture as the tower sees it, resized and cropped, not normalised. Fitting a fitted picture changes nothing.</summary>
    public RgbImage Fit(RgbImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return CenterCrop(Resize(image));
    }

    RgbImage Resize(RgbImage image)
    {
        if (!Config.DoResize)
            return image;
        var (width, height) = Config.Size.For(image);
        if ((width, height) == (image.Width, image.Height))
            return image;
        return Resampling.Resize(image, width, height, Config.Resample);
    }

    /// <summary>The middle of the picture; where the picture is smaller, black surrounds it.</summary>
    RgbImage CenterCrop(RgbImage image)
    {
        var (height, width) = Config.CropSize;
        if (!Config.DoCenterCrop || (image.Width == width && image.Height == height))
            return image;
        // Negative where the picture is smaller. Division truncates towards zero, as the reference does in both cases.
        int left = (image.Width - width) / 2, top = (image.Height - height) / 2;
        int columns = Math.Min(width, image.Width);
        var result = new byte[checked(height * width * 3)];
        for (int row = Math.Max(0, -top); row < height && row + top < image.Height; row++)
        {
            image.Pixels.Span.Slice(((row + top) * image.Width + Math.Max(0, left)) * 3, columns * 3)
                .CopyTo(result.AsSpan((row * width + Math.Max(0, -left)) * 3));
        }
        return new(width, height, result);
    }

    static Tensor PerChannel(IReadOnlyList<double> values) => tensor(values.Select(v => (float)v).ToArray()).reshape(3, 1, 1);

    static string Size(Tensor pixels) => $"{pixels.shape[2]} x {pixels.shape[1]}";
}
