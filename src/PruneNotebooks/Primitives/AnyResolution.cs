using PruneNotebooks.Tokens;

namespace PruneNotebooks.Primitives;

/// <summary>Pictures of any resolution (LLaVA-NeXT): one base crop of the whole picture, then tiles that together are one large picture.</summary>
/// <remarks>Crop 0 is the base; the tile in tile row r and tile column c is crop <c>1 + r * tiles.Width + c</c>.</remarks>
public static class AnyResolution
{
    /// <summary>The order in which the tokens that each crop keeps enter the prompt: the base crop in raster order, then the tiles as one big raster, not tile after tile.</summary>
    /// <param name="kept">For each crop, the tokens it keeps.</param>
    /// <param name="tiles">Rows and columns of tiles.</param>
    /// <param name="crop">Rows and columns of tokens in each crop.</param>
    /// <returns>Indices <c>crop * N + token</c> into the concatenated tokens of all crops, N being the tokens of one crop.</returns>
    /// <exception cref="ArgumentException">The number of crops is not one more than the number of tiles.</exception>
    public static long[] RasterOrder(IReadOnlyList<IReadOnlyList<long>> kept, TokenGrid tiles, TokenGrid crop)
    {
        ArgumentNullException.ThrowIfNull(kept);
        if (kept.Count != 1 + tiles.Count)
            throw new ArgumentException($"{tiles} tiles and the base are {1 + tiles.Count} crops; there are {kept.Count}.", nameof(kept));
        var raster = Enumerable.Range(1, tiles.Count).SelectMany(k => kept[k].Select(token => (
            TileRow: tiles.Row(k - 1), Row: crop.Row(token), TileColumn: tiles.Column(k - 1), Column: crop.Column(token), Index: (long)k * crop.Count + token)));
        return [.. kept[0].Order(), .. raster.Order().Select(token => token.Index)];
    }
}
