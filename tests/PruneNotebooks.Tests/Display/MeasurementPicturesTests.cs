using PruneNotebooks.Display;
using PruneNotebooks.Metrics;
using PruneNotebooks.Models;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Display;

/// <summary>What measurements of a model look like: entropy by layer, attention by layer, the trend over places.</summary>
public sealed class MeasurementPicturesTests
{
    static readonly (byte, byte, byte) Blue = (0x00, 0x72, 0xB2), Vermilion = (0xD5, 0x5E, 0x00), Orange = (0xE6, 0x9F, 0x00);

    static readonly EntropyCollapse Collapsing = new([[0.8, 0.7, 0.3, 0.3], [0.8, 0.72, 0.34, 0.3], [0.82, 0.7, 0.32, 0.3]]);

    // Two layers on a grid of 2 x 2: one that looks evenly, and one that looks at the lower row only.
    static AttentionProfile Profile => new("tiny", TokenGrid.Square(2), Queries.LastToken,
    [
        .. Enumerable.Range(0, 3).Select(picture => new ProbeAttention(picture, "Count",
        [
            new(new(0.1, 0.15, 0.5, 0.25), [0.125f, 0.125f, 0.125f, 0.125f]),
            new(new(0, 0, 0.8, 0.2), [0.01f, 0.01f, 0.39f, 0.39f]),
        ])),
    ]);

    static int Count(RgbImage image, (byte R, byte G, byte B) colour, int x, int width, int y, int height)
    {
        int count = 0;
        for (int row = y; row < y + height; row++)
            for (int column = x; column < x + width; column++)
                if (image.Pixels.Span.Slice(3 * (row * image.Width + column), 3) is [var r, var g, var b] && (r, g, b) == colour) count++;
        return count;
    }

    static int CountAll(RgbImage image, (byte, byte, byte) colour) => Count(image, colour, 0, image.Width, 0, image.Height);

    [Fact]
    public void Entropy_in_words_has_the_layer_its_support_and_a_row_for_each_hidden_state()
    {
        string[] lines = EntropyPicture.Text(Collapsing).Split('\n');
        Assert.Equal(["Entropy collapses at layer 2 (0.71 to 0.32, persistent, 100 % of resamples)", "Mean over 3 pictures, 95 % intervals from picture to picture."], lines[..2]);
        Assert.Matches("^input of layer +entropy +95 % +drop before it +95 % +largest drop in$", lines[2]);
        Assert.Matches(@"^ *0 +0.807 +\[0.8, 0.82\]", lines[4]);
        Assert.Matches(@"^ *2 +0.32 +\[0.3, 0.34\] +0.387 +\[0.38, 0.4\] +100 %$", lines[6]);
        Assert.Matches("^ *out +0.3 ", lines[7]);
        Assert.Contains("no drop lasts", EntropyPicture.Text(new([[0.8, 0.3, 0.8, 0.9]])), StringComparison.Ordinal);
        Assert.Contains("largest drop that lasts is at layer 4", EntropyPicture.Text(new([[0.8, 0.3, 0.8, 0.8, 0.5, 0.5]])), StringComparison.Ordinal);
    }

    [Fact]
    public void The_collapse_is_marked_if_there_is_one()
    {
        Assert.True(CountAll(EntropyPicture.Of(Collapsing), Vermilion) > 500);
        Assert.Equal(0, CountAll(EntropyPicture.Of(new([[0.1, 0.2, 0.3], [0.1, 0.2, 0.3]])), Vermilion));
        Assert.Equal("Entropy does not collapse: no layer takes any away", EntropyPicture.Text(new([[0.1, 0.2, 0.3]])).Split('\n')[0]);
    }

    [Fact]
    public void Shares_are_as_high_as_they_are_large()
    {
        var picture = AttentionPicture.Of(Profile);
        // The first panel is 170 pixels high from 66 on, a layer 56 wide from 58 on.
        Assert.Equal(0.5 * 170, Count(picture, Blue, 58 + 28, 1, 66, 170), tolerance: 2);
        Assert.Equal(0.25 * 170, Count(picture, Orange, 58 + 28, 1, 66, 170), tolerance: 2);
        Assert.Equal(0.8 * 170, Count(picture, Blue, 58 + 84, 1, 66, 170), tolerance: 2);
        Assert.Equal(0.2 * 170, Count(picture, Orange, 58 + 84, 1, 66, 170), tolerance: 2);
    }

    [Fact]
    public void Attention_in_words_is_a_row_for_each_layer()
    {
        string[] lines = AttentionPicture.Text(Profile).Split('\n');
        Assert.Equal(["Attention of the last prompt token in tiny", "Mean over heads and 3 prompts about 3 pictures."], lines[..2]);
        Assert.Matches(@"^ *0 +50 % +25 % +15 % +10 % +50 % +-?\S+ +\[.*\]$", lines[4]);
        Assert.Matches(@"^ *1 +80 % +20 % +0 % +0 % +97.5 % +\d", lines[5]);
    }

    [Fact]
    public void A_trend_tells_its_strength_and_what_is_left()
    {
        using var samples = exp(arange(64, ScalarType.Float64) / 64).unsqueeze(0);
        var bias = AttentionBias.Fit(samples);
        string[] lines = TrendPicture.Text(bias).Split('\n');
        Assert.Equal(["Trend of attention over places: σ = 1.00", "1 sample; the trend explains 100 % of the variance between places; fitted again to what is left, σ = 0.00."], lines[..2]);
        Assert.EndsWith("1", lines[^1], StringComparison.Ordinal);
        Assert.True(CountAll(TrendPicture.Of(bias), Vermilion) > 100);
        Assert.Contains("[0.00, 0.00]", TrendPicture.Text(Profile.Bias(0)), StringComparison.Ordinal);
        Assert.StartsWith("Trend of attention over places: cubic", TrendPicture.Text(AttentionBias.Fit(samples, TrendForm.Cubic)), StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_measurement_is_the_same_picture()
    {
        Assert.Equal(EntropyPicture.Of(Collapsing).ToPng(), EntropyPicture.Of(Collapsing).ToPng());
        Assert.Equal(AttentionPicture.Of(Profile).ToPng(), AttentionPicture.Of(Profile).ToPng());
        Assert.Equal(TrendPicture.Of(Profile.Bias(1)).ToPng(), TrendPicture.Of(Profile.Bias(1)).ToPng());
    }
}
