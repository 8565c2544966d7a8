using PruneNotebooks.Primitives;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Primitives;

public sealed class RegionFocusTests
{
    [Fact]
    public void Shares_are_a_softmax_over_the_local_tokens_alone()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(4);
        var logits = 5 * randn([3, 20], generator: generator);
        var seen = logits.softmax(1).narrow(1, 7, 9);
        Assert.True(RegionFocus.Shares(seen).allclose(logits.narrow(1, 7, 9).softmax(1).mean([0])));
        Assert.Equal(0f, RegionFocus.Shares(zeros(2, 4)).sum().item<float>());
    }

    [Fact]
    public void Newlines_stay_whatever_they_score_and_compete_for_places()
    {
        using var scores = tensor(new[] { 9f, 1, 8, 2, 3, 0 });
        var map = new TokenGrid(2, 3);
        Assert.Equal([0, 2, 5], RegionFocus.TopShare(scores, map, share: 0.49));
        Assert.Equal([0, 2], RegionFocus.TopShare(scores, map, share: 0.49, newlines: false));
        Assert.Equal([2, 3, 4, 5], RegionFocus.TopShare(scores, map, share: 1, valid: [false, false, false, true, true, false]));
    }

    [Fact]
    public void A_threshold_lies_between_quantiles()
    {
        using var scores = arange(101, ScalarType.Float32);
        Assert.Equal(50, RegionFocus.AboveThreshold(scores, 0.49).Min());
        Assert.Equal(100, RegionFocus.AboveThreshold(scores, 0.99, low: 0, high: 1).Single());
        Assert.Empty(RegionFocus.AboveThreshold(ones(5), 0.5));
    }

    [Fact]
    public void Tokens_point_to_tiles_and_newlines_to_the_last_of_their_row()
    {
        var map = new TokenGrid(4, 5);
        Assert.Equal([(0, 0), (1, 1)], RegionFocus.Tiles([0, 18], map, new TokenGrid(2, 2)));
        Assert.Equal([(0, 1)], RegionFocus.Tiles([4], map, new TokenGrid(2, 2)));
        Assert.Empty(RegionFocus.Tiles([4, 9], map, new TokenGrid(2, 2), newlinesPoint: false));
    }

    [Fact]
    public void A_pyramid_halves_until_the_longer_side_is_the_base()
    {
        Assert.Equal([3, 6, 12], ImagePyramid.Levels(4000, 4000).Select(level => level.Tiles.Width));
        Assert.All(ImagePyramid.Levels(1500, 700), level => Assert.True(level.PaddedHeight >= level.Height && level.PaddedWidth - level.Width < 336));
        Assert.Empty(ImagePyramid.Levels(336, 200));
        Assert.Equal("672 x 672 pixels in 2 x 2 tiles", ImagePyramid.Levels(672, 672)[^1].ToString());
    }
}
