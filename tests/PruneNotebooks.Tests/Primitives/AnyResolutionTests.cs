using PruneNotebooks.Primitives;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Tests.Primitives;

public sealed class AnyResolutionTests
{
    static readonly long[] All = [0, 1, 2, 3];

    [Fact]
    public void The_base_crop_comes_first_then_the_tiles_as_one_raster() =>
        Assert.Equal([0, 1, 2, 3, 4, 5, 8, 9, 6, 7, 10, 11], AnyResolution.RasterOrder([All, All, All], tiles: new TokenGrid(1, 2), crop: TokenGrid.Square(2)));

    [Fact]
    public void Only_kept_tokens_come() =>
        Assert.Equal([2, 5, 8, 6, 7], AnyResolution.RasterOrder([[2], [3, 1, 2], [0]], tiles: new TokenGrid(1, 2), crop: TokenGrid.Square(2)));

    [Fact]
    public void Tiles_and_crops_must_agree() =>
        Assert.Contains("3 crops; there are 2", Assert.Throws<ArgumentException>(() => AnyResolution.RasterOrder([All, All], new TokenGrid(1, 2), TokenGrid.Square(2))).Message, StringComparison.Ordinal);
}
