using CsCheck;
using PruneNotebooks.Primitives;

namespace PruneNotebooks.Tests.Primitives;

public sealed class PaddingMaskTests
{
    [Fact]
    public void A_square_picture_has_no_padding()
    {
        Assert.Equal(144, PaddingMask.ByOverlap(300, 300, 12).Count);
        Assert.Equal(144, PaddingMask.ByRows(300, 300, 12).Count);
    }

    [Fact]
    public void A_picture_twice_as_wide_as_high_fills_the_middle_rows()
    {
        var mask = PaddingMask.ByOverlap(200, 100, 4);
        Assert.Equal([.. new bool[4], true, true, true, true, true, true, true, true, .. new bool[4]], mask.Real);
        Assert.Equal("8 of 16 tokens show the picture", mask.ToString());
        Assert.Equal(mask, PaddingMask.ByRows(200, 100, 4));
    }

    [Fact]
    public void The_threshold_decides_on_patches_that_are_cut()
    {
        // A margin of one and a half rows: the second row is half padding. Equality keeps.
        Assert.Equal(6 * 6 - 12, PaddingMask.ByOverlap(100, 50, 6, threshold: 0.5).Count);
        Assert.Equal(6 * 6 - 24, PaddingMask.ByOverlap(100, 50, 6, threshold: 0.49).Count);
    }

    [Fact]
    public void Turning_the_picture_turns_the_mask() => Gen.Select(Gen.Int[1, 500], Gen.Int[1, 500], Gen.Int[1, 24], Gen.Double[0, 0.99]).Sample((width, height, side, threshold) =>
    {
        var (mask, turned) = (PaddingMask.ByOverlap(width, height, side, threshold), PaddingMask.ByOverlap(height, width, side, threshold));
        for (int token = 0; token < mask.Grid.Count; token++)
            Assert.Equal(mask.Real[token], turned.Real[mask.Grid.Column(token) * side + mask.Grid.Row(token)]);
        // A threshold that allows more never masks more.
        Assert.True(mask.Count <= PaddingMask.ByOverlap(width, height, side, Math.Min(0.999, threshold + 0.2)).Count);
    });

    [Fact]
    public void Sizes_and_thresholds_that_mean_nothing_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => PaddingMask.ByOverlap(0, 10, 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => PaddingMask.ByRows(10, 0, 4));
        Assert.Contains("below 1; it was 1", Assert.Throws<ArgumentOutOfRangeException>(() => PaddingMask.ByOverlap(10, 10, 4, threshold: 1)).Message, StringComparison.Ordinal);
    }
}
