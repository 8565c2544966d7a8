using PruneNotebooks.Primitives;

namespace PruneNotebooks.Models;

/// <summary>Cuts a level of an <see cref="ImagePyramid"/> into the pictures that a vision tower takes.</summary>
public static class ImageTiles
{
    /// <summary>The tiles of a level, row by row; what lies beyond the picture at the right and at the bottom is black.</summary>
    /// <param name="image">The picture at its own size.</param>
    /// <param name="level">The level.</param>
    /// <returns>Square pictures, one for each place of <see cref="PyramidLevel.Tiles"/>.</returns>
    public static IReadOnlyList<RgbImage> Cut(RgbImage image, PyramidLevel level)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(level);
        var resized = Resampling.Resize(image, level.Width, level.Height, Resample.Bilinear);
        return [.. Enumerable.Range(0, level.Tiles.Count).Select(tile => Crop(resized, level.Tiles.Column(tile) * level.Tile, level.Tiles.Row(tile) * level.Tile, level.Tile))];
    }

    static RgbImage Crop(RgbImage image, int left, int top, int side)
    {
        byte[] pixels = new byte[side * side * 3];
        int width = Math.Min(side, image.Width - left);
        for (int row = 0; row < side && top + row < image.Height; row++)
            image.Pixels.Span.Slice(((top + row) * image.Width + left) * 3, width * 3).CopyTo(pixels.AsSpan(row * side * 3));
        return new RgbImage(side, side, pixels);
    }
}
