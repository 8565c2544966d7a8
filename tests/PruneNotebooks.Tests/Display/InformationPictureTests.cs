using CsCheck;
using PruneNotebooks.Display;
using PruneNotebooks.Metrics;
using PruneNotebooks.Models;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Tests.Display;

public sealed class InformationPictureTests
{
    /// <summary>Two pictures with a probe of each kind: the window in column 1, row 0 tells the whole answer in layers below <paramref name="horizon"/>.</summary>
    internal static InformationMap Map(int horizon = 3, int layers = 5, params string[] kinds)
    {
        var windows = new TokenWindows(TokenGrid.Square(4), 2);
        return new("tiny", windows, [.. Enumerable.Range(0, layers)],
            [.. from picture in new[] { 0, 1 } from kind in kinds.Length == 0 ? ["Colour"] : kinds
                select new ProbeInformation(picture, kind, 1, [.. Enumerable.Repeat(0.25f, layers)],
                    [.. Enumerable.Range(0, layers * 4).Select(i => i % 4 == 2 && i / 4 < horizon ? 1f : 0.25f)],
                    [.. Enumerable.Range(0, layers + 1).Select(k => k >= horizon)])]);
    }

    static (byte R, byte G, byte B) Pixel(RgbImage image, int x, int y) => (image.Pixels.Span[(y * image.Width + x) * 3], image.Pixels.Span[(y * image.Width + x) * 3 + 1], image.Pixels.Span[(y * image.Width + x) * 3 + 2]);

    [Fact]
    public void A_window_that_tells_is_red_in_its_layers_at_its_place_and_nothing_else_is()
    {
        var picture = InformationPicture.Of(Map());
        const int left = 58, top = 70, layer = 52, window = 54;    // five layers and "never" of the widest, four windows in 216 pixels
        for (int l = 0; l < 5; l++)
            for (int place = 0; place < 4; place++)
            {
                var (r, g, b) = Pixel(picture, left + l * layer + layer / 2, top + place * window + window / 2);
                bool red = r > 2 * g && r > 2 * b;
                Assert.True(red == (place == 1 && l < 3), $"layer {l}, window {place}: {r} {g} {b}");
            }
    }

    [Fact]
    public void The_words_have_both_horizons_and_what_was_measured()
    {
        string text = InformationPicture.Text(Map());
        Assert.StartsWith("tiny, colour: information horizon layer 3; withdrawal horizon layer 3\n2 probes of 2 pictures, 4 windows of 2 x 2 on a grid of 4 x 4. Horizon over pictures, 95 %: layer 3 to layer 3.", text, StringComparison.Ordinal);
        Assert.Matches(@"(?m)^ +2 +0\.75 +0\.188 .* 0\.0 % ", text);
        Assert.Contains("none, layer 4 still holds 0.75; withdrawal horizon none", InformationPicture.Text(Map(horizon: 5)), StringComparison.Ordinal);
    }

    [Fact]
    public void Everything_that_can_be_measured_can_be_drawn() =>
        Gen.Select(Gen.Int[0, 4], Gen.Int[1, 40], Gen.Int[0, 3]).Sample((horizon, layers, kinds) =>
        {
            var map = Map(Math.Min(horizon, layers), layers, [.. new[] { "Colour", "Count", "" }.Take(kinds)]);
            Assert.InRange(InformationPicture.Of(map).Width, 300, 1100);
            Assert.Equal(InformationPicture.Of(map).ToPng(), InformationPicture.Of(map).ToPng());
            Assert.InRange(WithdrawalPicture.Of(map.Withdrawal).Width, 500, 1000);
            Assert.InRange(InformationByKind.Of(map.ByCategory).Width, 900, 1000);
        }, iter: 12);

    [Fact]
    public void A_row_for_each_kind_has_both_horizons_and_the_accuracy_by_layer()
    {
        var table = InformationByKind.Table(Map(2, 3, "Colour", "Count").ByCategory);
        Assert.Equal(["questions", "probes", "information horizon", "withdrawal horizon", "K=0", "K=1", "K=2", "all"], table.Columns);
        Assert.Equal(["colour", "2", "2", "2", "0.0", "0.0", "100.0", "100.0"], table.Rows[0].Select(value => $"{value}"));
        Assert.Equal("count", table.Rows[1][0]);
        Assert.Throws<ArgumentException>(() => InformationByKind.Of(new Dictionary<string, InformationMap>()));
    }

    [Fact]
    public void The_windows_of_a_probe_are_painted_where_they_lie_on_one_scale()
    {
        var map = Map();
        var overlays = map.Overlay(TokenOverlayTests.Plain(40, 40), 0, 0, 4);
        Assert.Equal("layer 4", overlays[0, 2]!.Title);
        Assert.Equal([0f, 0f, 0.75f, 0.75f], overlays[0, 1]!.Scores!.Take(4));
        Assert.Equal((-0.75f, 0.75f), overlays[0, 2]!.ColourRange);
        Assert.Equal(6, Enumerable.Range(0, 6).Count(column => map.Overlay(TokenOverlayTests.Plain(40, 40), 1)[0, column] is not null));
        Assert.Contains("measured were 0, 1, 2", Assert.Throws<ArgumentException>(() => map.Overlay(TokenOverlayTests.Plain(40, 40), 0, 7)).Message, StringComparison.Ordinal);
        Assert.Contains("2 probes", Assert.Throws<ArgumentOutOfRangeException>(() => map.Overlay(TokenOverlayTests.Plain(40, 40), 2)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_at_the_ends_of_lines_never_lie_on_each_other() =>
        Gen.Float[0, 100].Array[1, 7].Sample(wanted =>
        {
            float[] at = LineDrawing.Apart([.. wanted.Order()], 0, 100);
            return at.Zip(at.Skip(1)).All(pair => pair.Second - pair.First >= 12.99f) && at[0] >= -0.01f && at[^1] <= 100.01f;
        }, iter: 200);
}
