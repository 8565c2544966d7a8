namespace PruneNotebooks.Models;

/// <summary>What an <see cref="ImageProcessor"/> does: the fields of <c>preprocessor_config.json</c>.</summary>
public sealed record ImageProcessorConfig
{
    /// <summary>Whether pictures are resized at all (<c>do_resize</c>).</summary>
    public bool DoResize { get; init; } = true;

    /// <summary>The size to resize to (<c>size</c>).</summary>
    public ImageSize Size { get; init; } = ImageSize.ShortestEdge(224);

    /// <summary>The kernel of resizing (<c>resample</c>).</summary>
    public Resample Resample { get; init; } = Resample.Bicubic;

    /// <summary>Whether the middle is cut out (<c>do_center_crop</c>).</summary>
    public bool DoCenterCrop { get; init; } = true;

    /// <summary>Height and width of the middle that is cut out (<c>crop_size</c>); a smaller picture gets a black border.</summary>
    public (int Height, int Width) CropSize { get; init; } = (224, 224);

    /// <summary>Whether bytes are multiplied by <see cref="RescaleFactor"/> (<c>do_rescale</c>).</summary>
    public bool DoRescale { get; init; } = true;

    /// <summary>What bytes are multiplied by (<c>rescale_factor</c>).</summary>
    public double RescaleFactor { get; init; } = 1 / 255.0;

    /// <summary>Whether the mean is subtracted and the result divided by the standard deviation (<c>do_normalize</c>).</summary>
    public bool DoNormalize { get; init; } = true;

    /// <summary>Mean of red, green, blue (<c>image_mean</c>).</summary>
    public IReadOnlyList<double> Mean { get; init; } = [0.48145466, 0.4578275, 0.40821073];

    /// <summary>Standard deviation of red, green, blue (<c>image_std</c>).</summary>
    public IReadOnlyList<double> StandardDeviation { get; init; } = [0.26862954, 0.26130258, 0.27577711];

    static readonly double[] Half = [0.5, 0.5, 0.5];

    /// <summary>What the known kinds of processor do where the file is silent: they share all steps and differ only here.</summary>
    static readonly Dictionary<string, ImageProcessorConfig> Defaults = WithFormerNames(new()
    {
        ["CLIP"] = new(),
        ["Bit"] = new(),
        ["ViT"] = new()
        {
            Size = ImageSize.Exactly(224, 224),
            Resample = Resample.Bilinear,
            DoCenterCrop = false,
            Mean = Half,
            StandardDeviation = Half,
        },
        ["DeiT"] = new() { Size = ImageSize.Exactly(256, 256), Mean = Half, StandardDeviation = Half },
    });

    static Dictionary<string, ImageProcessorConfig> WithFormerNames(Dictionary<string, ImageProcessorConfig> kinds) =>
        new(from suffix in new[] { "ImageProcessor", "ImageProcessorFast", "FeatureExtractor" }
            from kind in kinds
            select KeyValuePair.Create(kind.Key + suffix, kind.Value));

    /// <summary>Reads <c>processor_config.json</c> (the part <c>image_processor</c>) or else <c>preprocessor_config.json</c>.</summary>
    /// <exception cref="FileNotFoundException">The folder has neither.</exception>
    /// <exception cref="InvalidDataException">A field is damaged.</exception>
    /// <exception cref="NotSupportedException">A field asks for something that is not supported.</exception>
    public static ImageProcessorConfig Load(string folder)
    {
        string processor = Path.Combine(folder, "processor_config.json");
        var nested = File.Exists(processor) ? ConfigFields.Open(processor).Section("image_processor") : null;
        return Parse(nested ?? ConfigFields.Open(Path.Combine(folder, "preprocessor_config.json")));
    }

    static ImageProcessorConfig Parse(ConfigFields fields)
    {
        string type = fields.Has("image_processor_type") ? "image_processor_type" : "feature_extractor_type";
        var defaults = Defaults[fields.OneOf(type, absent: "", [.. Defaults.Keys])];
        return new()
        {
            DoResize = fields.Flag("do_resize") ?? defaults.DoResize,
            Size = SizeIn(fields, square: defaults.Size.Width is not null) ?? defaults.Size,
            Resample = ResampleIn(fields) ?? defaults.Resample,
            DoCenterCrop = fields.Flag("do_center_crop") ?? defaults.DoCenterCrop,
            CropSize = CropSizeIn(fields) ?? defaults.CropSize,
            DoRescale = fields.Flag("do_rescale") ?? defaults.DoRescale,
            RescaleFactor = fields.Positive("rescale_factor") ?? defaults.RescaleFactor,
            DoNormalize = fields.Flag("do_normalize") ?? defaults.DoNormalize,
            Mean = fields.Reals("image_mean", 3) ?? defaults.Mean,
            StandardDeviation = DeviationIn(fields) ?? defaults.StandardDeviation,
        };
    }

    /// <summary>Older files give one number: the shortest edge, or both edges for the kinds that make squares.</summary>
    static ImageSize? SizeIn(ConfigFields fields, bool square)
    {
        if (!fields.IsObject("size"))
            return fields.Size("size") is { } pixels ? square ? ImageSize.Exactly(pixels, pixels) : ImageSize.ShortestEdge(pixels) : null;
        var size = fields.SectionOrEmpty("size");
        if (size.Has("longest_edge"))
            throw fields.Unsupported("size", "shortest_edge alone, or height and width");
        return size.Size("shortest_edge") is { } edge
            ? ImageSize.ShortestEdge(edge)
            : ImageSize.Exactly(Required(size, "height"), Required(size, "width"));
    }

    static (int Height, int Width)? CropSizeIn(ConfigFields fields)
    {
        if (!fields.IsObject("crop_size"))
            return fields.Size("crop_size") is { } pixels ? (pixels, pixels) : null;
        var size = fields.SectionOrEmpty("crop_size");
        return (Required(size, "height"), Required(size, "width"));
    }

    static int Required(ConfigFields size, string name) => size.Size(name) ?? throw size.Wrong(name, "a whole number above 0");

    static Resample? ResampleIn(ConfigFields fields) => (Resample?)fields.Whole("resample") switch
    {
        null => null,
        { } filter when Enum.IsDefined(filter) => filter,
        _ => throw fields.Unsupported("resample", string.Join(", ", Enum.GetValues<Resample>().Select(r => $"{(int)r} ({r})"))),
    };

    static IReadOnlyList<double>? DeviationIn(ConfigFields fields)
    {
        var numbers = fields.Reals("image_std", 3);
        return numbers is null || !numbers.Contains(0) ? numbers : throw fields.Wrong("image_std", "three numbers other than 0");
    }
}

/// <summary>The size that pictures are resized to: the shortest edge with the proportions kept, or exactly a height and a width.</summary>
public sealed record ImageSize
{
    ImageSize(int height, int? width) => (Height, Width) = (height, width);

    /// <summary>The height; or the shortest edge, if <see cref="Width"/> is null.</summary>
    public int Height { get; }

    /// <summary>The width, or null where only the shortest edge is given.</summary>
    public int? Width { get; }

    /// <summary>The shorter edge becomes <paramref name="pixels"/>, the longer one follows.</summary>
    public static ImageSize ShortestEdge(int pixels) => new(pixels, null);

    /// <summary>Both edges are given; proportions may change.</summary>
    public static ImageSize Exactly(int height, int width) => new(height, width);

    /// <summary>The size of that picture after resizing. The longer edge is rounded down, as in the reference.</summary>
    /// <exception cref="ArgumentException">The picture is so elongated that the longer edge would become absurd.</exception>
    public (int Width, int Height) For(RgbImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (Width is { } width)
            return (width, Height);
        int edge = Height;
        long longer = (long)edge * Math.Max(image.Width, image.Height) / Math.Min(image.Width, image.Height);
        if (edge * longer > RgbImage.MaxPixelCount)
        {
            throw new ArgumentException(
                $"A picture of {image} would become {edge} x {longer} where its shortest edge becomes {edge}; cut it first.", nameof(image));
        }
        return image.Width <= image.Height ? (edge, (int)longer) : ((int)longer, edge);
    }
}
