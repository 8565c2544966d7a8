using PruneNotebooks.Tokens;

namespace PruneNotebooks.Primitives;

/// <summary>One level of a pyramid: a picture at some size, cut into square tiles of a vision tower's input.</summary>
/// <param name="Height">Rows of pixels after the resize.</param>
/// <param name="Width">Columns of pixels after the resize.</param>
/// <param name="Tiles">Rows and columns of tiles that cover them.</param>
/// <param name="Tile">Side of a tile, pixels.</param>
public sealed record PyramidLevel(int Height, int Width, TokenGrid Tiles, int Tile)
{
    /// <summary>Rows of pixels with the padding below.</summary>
    public int PaddedHeight => Tiles.Height * Tile;

    /// <summary>Columns of pixels with the padding at the right.</summary>
    public int PaddedWidth => Tiles.Width * Tile;

    /// <inheritdoc/>
    public override string ToString() => $"{Height} x {Width} pixels in {Tiles} tiles";
}

/// <summary>A dynamic image pyramid: a large picture at its own size, at half of it, and so on, so that one can look at the whole first and at the details where it matters.</summary>
/// <remarks><i>LRS-VQA</i>, arXiv 2503.07588, as in the authors' code: halved until the longer side reaches the base (the paper says the shorter one). Every whole number is rounded half to even, in double precision.</remarks>
public static class ImagePyramid
{
    /// <summary>The levels, from coarse to fine; the thumbnail, one tile that shows everything, is not among them.</summary>
    /// <param name="height">Rows of pixels of the picture.</param>
    /// <param name="width">Columns of pixels.</param>
    /// <param name="tile">Side of a tile, the input of the vision tower.</param>
    /// <param name="longSide">The longer side of the coarsest level, unless the picture is smaller.</param>
    /// <returns>At least one level for pictures larger than a tile; none for one whose longer side is that of a tile; for smaller ones a single enlarged one, as in the authors' code.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A size is not positive.</exception>
    public static IReadOnlyList<PyramidLevel> Levels(int height, int width, int tile = 336, int longSide = 1008)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(tile, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(longSide, 1);
        double least = Math.Min((double)longSide / Math.Max(height, width), 1);
        List<double> ratios = [];
        for (double ratio = 1; ratio >= least; ratio /= 2) ratios.Add(ratio);
        if (ratios[^1] > least) ratios.Add(least);
        ratios.Add(Math.Min((double)tile / height, (double)tile / width));
        // The smallest is taken for the thumbnail, whichever it is.
        return [.. ratios.Distinct().Order().Skip(1).Select(ratio => Level(height, width, ratio, tile))];
    }

    static PyramidLevel Level(int height, int width, double ratio, int tile)
    {
        double h = Math.Round(height * ratio), w = Math.Round(width * ratio);
        double scale = Math.Min(Math.Ceiling(h / tile) * tile / h, Math.Ceiling(w / tile) * tile / w);
        int resizedHeight = (int)Math.Round(h * scale), resizedWidth = (int)Math.Round(w * scale);
        return new(resizedHeight, resizedWidth, new TokenGrid((resizedHeight + tile - 1) / tile, (resizedWidth + tile - 1) / tile), tile);
    }
}
