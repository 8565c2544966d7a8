using PruneNotebooks.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Models;

public sealed class ImageProcessorTests : IDisposable
{
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, string, string[]> Cases => new()
    {
        { "llava-1.5", "one-image", ["cat"] },
        { "llava-1.5", "two-images", ["astronaut", "temple-wide"] },
        { "llava-1.5-bf16-sharded", "one-image", ["cat"] },
        { "llava-feature-layers", "one-image", ["astronaut"] },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Pixels_are_those_of_the_reference(string model, string name, string[] pictures)
    {
        using var scope = NewDisposeScope();
        var processor = ImageProcessor.Load(TestData.Path("reference", model));
        using var reference = SafetensorsFile.Open(TestData.Path("reference", model, "cases", $"{name}.safetensors"));
        var expected = reference.Read("input.pixel_values");
        var actual = processor.Process([.. pictures.Select(p => RgbImage.Load(TestData.Path("reference", "images", $"{p}.png")))]);
        Assert.Equal(expected.shape, actual.shape);
        var steps = (actual - expected) * tensor(processor.Config.StandardDeviation.ToArray()).reshape(3, 1, 1) * 255;
        Assert.Equal(0, steps.round().abs().max().ToDouble());
        Assert.True((actual - expected).abs().max().ToDouble() < 1e-6);
    }

    [Theory]
    [InlineData(2, 5, 1, 0)]
    [InlineData(4, 1, 0, 1)]
    [InlineData(3, 3, 0, 0)]
    public void A_picture_lies_in_the_middle_of_a_square_of_the_mean_colour(int width, int height, int left, int top)
    {
        var image = new RgbImage(width, height, [.. Enumerable.Range(1, 3 * width * height).Select(i => (byte)i)]);
        var square = new ImageProcessor(new() { Mean = [0.25, 0.5, 0.999] }).PadToSquare(image);
        Assert.Equal((Math.Max(width, height), Math.Max(width, height)), (square.Width, square.Height));
        for (int y = 0; y < square.Height; y++)
            for (int x = 0; x < square.Width; x++)
            {
                bool inside = x >= left && x < left + width && y >= top && y < top + height;
                var expected = inside ? image.Pixels.Span.Slice(3 * ((y - top) * width + x - left), 3).ToArray() : [63, 127, 254];
                Assert.Equal(expected, square.Pixels.Span.Slice(3 * (y * square.Width + x), 3).ToArray());
            }
    }

    [Theory]
    [InlineData(100, 60, 50, 30)] // even differences
    [InlineData(101, 63, 50, 30)] // odd differences: the extra column stays on the right
    [InlineData(30, 20, 50, 31)] // smaller: a black border
    [InlineData(100, 20, 50, 31)] // wider but lower
    public void The_middle_is_cut_out(int width, int height, int cropWidth, int cropHeight)
    {
        using var scope = NewDisposeScope();
        var image = Gradient(width, height);
        var config = Bytes with { DoCenterCrop = true, CropSize = (cropHeight, cropWidth) };
        using var result = new ImageProcessor(config).Process(image);
        Assert.Equal([3, cropHeight, cropWidth], result.shape);
        int left = (width - cropWidth) / 2, top = (height - cropHeight) / 2;
        for (int y = 0; y < cropHeight; y++)
        {
            for (int x = 0; x < cropWidth; x++)
            {
                var (sourceX, sourceY) = (x + left, y + top);
                bool inside = sourceX >= 0 && sourceX < width && sourceY >= 0 && sourceY < height;
                Assert.Equal(inside ? image.Pixels.Span[(sourceY * width + sourceX) * 3 + 1] : 0, result[1, y, x].ToSingle());
            }
        }
    }

    [Fact]
    public void Without_any_step_the_bytes_remain()
    {
        using var scope = NewDisposeScope();
        var image = Gradient(7, 5);
        var result = new ImageProcessor(Bytes).Process(image);
        Assert.Equal(image.Pixels.ToArray().Select(b => (float)b), result.permute(1, 2, 0).contiguous().data<float>().ToArray());
    }

    [Fact]
    public void Each_step_can_be_switched_off()
    {
        using var scope = NewDisposeScope();
        var image = Gradient(8, 6);
        var bytes = new ImageProcessor(Bytes).Process(image);
        var rescaled = new ImageProcessor(Bytes with { DoRescale = true, RescaleFactor = 0.5 }).Process(image);
        var normalised = new ImageProcessor(Bytes with { DoNormalize = true, Mean = [1, 2, 3], StandardDeviation = [2, 4, 8] }).Process(image);
        var resized = new ImageProcessor(Bytes with { DoResize = true, Size = ImageSize.ShortestEdge(3) }).Process(image);
        Assert.True(rescaled.equal(bytes * 0.5).all().ToBoolean());
        Assert.True(normalised[2].equal((bytes[2] - 3) / 8).all().ToBoolean());
        Assert.Equal([3, 3, 4], resized.shape);
    }

    [Fact]
    public void Pictures_of_a_batch_do_not_see_each_other()
    {
        using var scope = NewDisposeScope();
        var processor = ImageProcessor.Load(TestData.Path("reference", "llava-1.5"));
        RgbImage[] images = [Gradient(200, 90), Gradient(64, 64), Gradient(31, 333)];
        var batch = processor.Process(images);
        for (int i = 0; i < images.Length; i++)
            Assert.True(batch[i].equal(processor.Process(images[i])).all().ToBoolean());
    }

    [Fact]
    public void Pictures_that_come_out_unequal_are_refused()
    {
        var error = Assert.Throws<ArgumentException>(() => new ImageProcessor(Bytes).Process([Gradient(4, 4), Gradient(4, 5)]));
        Assert.Contains("picture 1 (4 x 5 pixels)", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new ImageProcessor(Bytes).Process([]));
    }

    [Fact]
    public void A_thread_of_a_picture_is_refused_before_it_fills_the_memory()
    {
        var config = Bytes with { DoResize = true, Size = ImageSize.ShortestEdge(336) };
        var error = Assert.Throws<ArgumentException>(() => new ImageProcessor(config).Process(new RgbImage(1, 1_000_000, new byte[3_000_000])));
        Assert.Contains("336 x 336000000", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_tensor_is_left_behind()
    {
        var processor = ImageProcessor.Load(TestData.Path("reference", "llava-1.5"));
        using var scope = NewDisposeScope();
        using (processor.Process([Gradient(9, 9), Gradient(30, 20)]))
            Assert.Equal(1, scope.DisposablesCount);
    }

    [Theory]
    [InlineData("""{"image_processor_type": "CLIPImageProcessor", "size": 224, "crop_size": 200}""", 224, null, 200)]
    [InlineData("""{"image_processor_type": "CLIPImageProcessorFast", "size": {"shortest_edge": 96}}""", 96, null, 224)]
    [InlineData("""{"feature_extractor_type": "CLIPFeatureExtractor", "size": {"height": 30, "width": 40}, "resample": null}""", 30, 40, 224)]
    [InlineData("""{"image_processor_type": "ViTImageProcessor", "size": 64}""", 64, 64, 224)]
    public void All_forms_of_sizes_are_understood(string json, int height, int? width, int crop)
    {
        File.WriteAllText(_folder["preprocessor_config.json"], json);
        var config = ImageProcessorConfig.Load(_folder.Path);
        Assert.Equal((height, width, (crop, crop)), (config.Size.Height, config.Size.Width, config.CropSize));
    }

    [Theory]
    [InlineData("""{"image_processor_type": "LlavaNextImageProcessor"}""", "image_processor_type")]
    [InlineData("""{"image_processor_type": "CLIPImageProcessor", "resample": 0}""", "resample")]
    [InlineData("""{"image_processor_type": "CLIPImageProcessor", "size": {"shortest_edge": 3, "longest_edge": 4}}""", "size")]
    public void What_is_not_supported_is_refused_by_name(string json, string field)
    {
        File.WriteAllText(_folder["preprocessor_config.json"], json);
        var error = Assert.Throws<NotSupportedException>(() => ImageProcessor.Load(_folder.Path));
        Assert.Contains("preprocessor_config.json", error.Message, StringComparison.Ordinal);
        Assert.Contains(field, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"size\": 0", "size")]
    [InlineData("\"size\": {\"height\": 3}", "size.width")]
    [InlineData("\"crop_size\": {\"height\": 3, \"width\": \"four\"}", "crop_size.width")]
    [InlineData("\"do_resize\": 1", "do_resize")]
    [InlineData("\"image_mean\": [1, 2]", "image_mean")]
    [InlineData("\"image_std\": [1, 0, 1]", "image_std")]
    [InlineData("\"rescale_factor\": -1", "rescale_factor")]
    public void A_damaged_field_is_named(string json, string field)
    {
        File.WriteAllText(_folder["preprocessor_config.json"], $$"""{"image_processor_type": "CLIPImageProcessor", {{json}}}""");
        var error = Assert.Throws<InvalidDataException>(() => ImageProcessor.Load(_folder.Path));
        Assert.Contains($"'{field}'", error.Message, StringComparison.Ordinal);
    }

    static ImageProcessorConfig Bytes => new() { DoResize = false, DoCenterCrop = false, DoRescale = false, DoNormalize = false };

    static RgbImage Gradient(int width, int height) =>
        new(width, height, [.. Enumerable.Range(0, width * height * 3).Select(i => (byte)(i * 37 + i / 7))]);
}
