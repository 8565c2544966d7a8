using PruneNotebooks.Display;
using PruneNotebooks.Models;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Tests.Display;

public sealed class OverlaysTests
{
    static TokenOverlay Overlay(params long[] kept) => TokenOverlay.Of(TokenOverlayTests.Plain(96, 96), TokenGrid.Square(12), kept);

    [Fact]
    public void Side_by_side_is_as_wide_as_its_parts_and_fits_a_page()
    {
        var two = Overlays.SideBySide(Overlay(1), Overlay(2)).Draw();
        Assert.Equal(2 * 288 + 10, two.Width);
        var five = Overlays.SideBySide([.. Enumerable.Repeat(Overlay(1), 5)]).Draw();
        Assert.InRange(five.Width, 400, 960);
    }

    [Fact]
    public void A_table_may_have_gaps_and_its_text_names_every_cell()
    {
        var table = Overlays.Table(["random", "HiPrune"], ["50 %", "25 %"], (row, column) => row == 1 && column == 0 ? null : Overlay(row, column + 5));
        Assert.Null(table[1, 0]);
        Assert.Equal(
            ["random, 50 %, 2 of 144 tokens stay (1.4 %), grid 12 x 12", "random, 25 %, 2 of 144 tokens stay (1.4 %), grid 12 x 12", "HiPrune, 25 %, 2 of 144 tokens stay (1.4 %), grid 12 x 12"],
            $"{table}".Split('\n'));
        byte[] png = table.ToPng();
        Assert.Equal(png, table.ToPng());
        var drawn = RgbImage.Decode(png);
        Assert.True(drawn.Pixels.Span[^3..].SequenceEqual(TokenOverlayTests.Plain(1, 1).Pixels.Span) is false, "the last cell ends in a dropped patch");
    }

    [Fact]
    public void No_overlay_is_an_error() => Assert.Throws<ArgumentException>(() => Overlays.SideBySide());
}
