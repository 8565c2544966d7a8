using CsCheck;
using PruneNotebooks.Display;
using PruneNotebooks.Models;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Tests.Display;

public sealed class TokenOverlayTests
{
    static readonly Gen<TokenOverlay> Any =
        from rows in Gen.Int[1, 9]
        from columns in Gen.Int[1, 9]
        from width in Gen.Int[columns, 70]
        from height in Gen.Int[rows, 70]
        from pixels in Gen.Byte.Array[width * height * 3]
        from flags in Gen.Bool.Array[rows * columns]
        from scores in Gen.Float.Array[rows * columns]
        from painted in Gen.Bool
        let overlay = TokenOverlay.Of(new(width, height, pixels), new(rows, columns), [.. Places(flags)])
        select painted ? overlay.WithScores(scores) : overlay;

    static IEnumerable<long> Places(bool[] flags) => Enumerable.Range(0, flags.Length).Where(i => flags[i]).Select(i => (long)i);

    internal static RgbImage Plain(int width, int height, byte r = 200, byte g = 120, byte b = 40)
    {
        var pixels = new byte[width * height * 3];
        for (int i = 0; i < pixels.Length; i += 3) (pixels[i], pixels[i + 1], pixels[i + 2]) = (r, g, b);
        return new(width, height, pixels);
    }

    /// <summary>Colour in the middle of a patch of an overlay that was drawn without a title.</summary>
    static (byte R, byte G, byte B) Middle(RgbImage drawn, TokenGrid grid, long place, int width, int height, int top)
    {
        int x = (2 * grid.Column(place) + 1) * width / (2 * grid.Width), y = top + (2 * grid.Row(place) + 1) * height / (2 * grid.Height);
        var pixel = drawn.Pixels.Span.Slice((y * drawn.Width + x) * 3, 3);
        return (pixel[0], pixel[1], pixel[2]);
    }

    [Fact]
    public void A_kept_patch_has_the_colour_of_the_picture_and_a_dropped_one_is_grey_and_darker()
    {
        var grid = new TokenGrid(3, 5);
        var drawn = TokenOverlay.Of(Plain(100, 60), grid, [0, 7, 14]).Draw(300);
        const int width = 300, height = 180;
        int top = drawn.Height - height;
        for (long place = 0; place < grid.Count; place++)
        {
            var colour = Middle(drawn, grid, place, width, height, top);
            if (place % 7 == 0) Assert.Equal((200, 120, 40), colour);
            else Assert.True(colour.R == colour.G && colour.G == colour.B && colour.R is > 0 and < 60, $"place {place}: {colour}");
        }
    }

    [Theory]
    [InlineData(96, 96, 288, 288)]     // a scene grows three times
    [InlineData(336, 336, 320, 320)]   // what CLIP sees shrinks a little
    [InlineData(40, 20, 320, 160)]
    [InlineData(1000, 500, 320, 160)]
    [InlineData(3, 1000, 1, 320)]
    public void The_picture_grows_by_whole_factors_or_shrinks_to_the_wanted_size(int width, int height, int drawnWidth, int drawnHeight)
    {
        var drawn = TokenOverlay.Of(Plain(width, height), new(1, 1), [0]).Draw(320);
        Assert.Equal(drawnHeight, drawn.Height - 18);
        Assert.Equal(drawnWidth, drawn.Width);
    }

    [Fact]
    public void A_small_picture_keeps_its_pixels_sharp()
    {
        var drawn = TokenOverlay.Of(new RgbImage(2, 1, [255, 0, 0, 0, 0, 255]), new(1, 1), [0]).Draw(16);
        var bottom = drawn.Pixels.Span[^(16 * 3)..];
        Assert.Equal([255, 0, 0], bottom.Slice(7 * 3, 3).ToArray());
        Assert.Equal([0, 0, 255], bottom.Slice(8 * 3, 3).ToArray());
    }

    [Fact]
    public void Every_overlay_is_drawn_twice_into_the_same_bytes_and_they_are_a_png() => Any.Sample(overlay =>
    {
        byte[] png = overlay.ToPng();
        var decoded = RgbImage.Decode(png);
        return png.SequenceEqual(overlay.ToPng()) && decoded.Pixels.Span.SequenceEqual(overlay.Draw().Pixels.Span);
    }, iter: 60);

    [Fact]
    public void The_text_has_a_mark_for_each_token_that_stayed() => Any.Sample(overlay =>
    {
        string[] lines = $"{overlay}".Split('\n');
        string marks = string.Concat(lines[1..]);
        return lines.Length == overlay.Grid.Height + 1
            && overlay.Kept.SequenceEqual(Enumerable.Range(0, marks.Length).Where(i => marks[i] == '#').Select(i => (long)i));
    }, iter: 60);

    [Fact]
    public void Scores_are_painted_from_the_low_to_the_high_colour_and_tokens_without_one_stay_grey()
    {
        var grid = new TokenGrid(1, 3);
        var drawn = TokenOverlay.Of(Plain(90, 30, 0, 0, 0), grid, [2]).WithScores([-5, float.NaN, 3]).Draw(90);
        var (low, gone, high) = (Middle(drawn, grid, 0, 90, 30, 18), Middle(drawn, grid, 1, 90, 30, 18), Middle(drawn, grid, 2, 90, 30, 18));
        Assert.True(low.B > low.G && high.R > high.B && high.G > low.G, $"{low} {high}");
        Assert.Equal((0, 0, 0), gone);
    }

    [Fact]
    public void Scores_that_are_all_the_same_or_all_missing_can_be_painted()
    {
        foreach (float score in new[] { 1f, float.NaN, float.PositiveInfinity })
            Assert.NotEmpty(TokenOverlay.Of(Plain(20, 20), new(2, 2), [1]).WithScores([score, score, score, score]).ToPng());
    }

    [Fact]
    public void A_long_title_widens_the_drawing_and_changes_nothing_else()
    {
        var overlay = TokenOverlay.Of(Plain(96, 96), TokenGrid.Square(12), [5]);
        var titled = overlay.Titled("A method with a name that is much longer than the picture is wide").Draw();
        Assert.True(titled.Width > 288);
        Assert.Equal(288 + 2 * 18, titled.Height);
    }

    [Fact]
    public void What_does_not_fit_is_refused_with_the_value()
    {
        var image = Plain(96, 96);
        Assert.Contains("Token 144", Assert.Throws<ArgumentException>(() => TokenOverlay.Of(image, TokenGrid.Square(12), [144])).Message, StringComparison.Ordinal);
        Assert.Contains("twice", Assert.Throws<ArgumentException>(() => TokenOverlay.Of(image, TokenGrid.Square(12), [3, 3])).Message, StringComparison.Ordinal);
        Assert.Contains("97 x 1", Assert.Throws<ArgumentException>(() => TokenOverlay.Of(image, new(97, 1), [3])).Message, StringComparison.Ordinal);
        using var selection = TokenSelection.All(10);
        Assert.Contains("among 10", Assert.Throws<ArgumentException>(() => TokenOverlay.Of(image, new(3, 3), selection)).Message, StringComparison.Ordinal);
        var overlay = TokenOverlay.Of(image, new(3, 3), [1]);
        Assert.Contains("2", Assert.Throws<ArgumentException>(() => overlay.WithScores([1, 2])).Message, StringComparison.Ordinal);
        Assert.Contains("7", Assert.Throws<ArgumentOutOfRangeException>(() => overlay.Draw(7)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_step_paints_its_scores_where_the_tokens_were()
    {
        var grid = new TokenGrid(2, 2);
        var stage = new StageTrace { Stage = Stage.Decoder(2), Pruner = null, Image = 0, Arrived = [1, 3], Kept = [3], Scores = [0.5f, 0.75f] };
        var overlay = TokenOverlay.Of(Plain(20, 20), grid, stage).WithScores(stage);
        Assert.Equal([float.NaN, 0.5f, float.NaN, 0.75f], overlay.Scores!);
        Assert.Equal([3L], overlay.Kept);
        Assert.Equal("decoder layer 2", overlay.Title);
    }
}
