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

    /// <summary>The order in which crops enter the prompt that were compressed to a class token, kept tokens and contextual tokens (VisionZip, arXiv 2412.04467): the base crop as it is, then the
    /// kept tokens of the tiles as one big raster, then the class token of each tile, then the contextual tokens tile after tile.</summary>
    /// <param name="kept">For each crop, the tokens it keeps, ascending.</param>
    /// <param name="tiles">Rows and columns of tiles.</param>
    /// <param name="crop">Rows and columns of tokens in each crop.</param>
    /// <param name="contextual">How many contextual tokens each crop has.</param>
    /// <returns>Indices <c>crop * K + row</c> into the concatenated rows of all crops, K being the rows of one crop: 1, its kept tokens, and <paramref name="contextual"/>.</returns>
    /// <exception cref="ArgumentException">The number of crops is not one more than the number of tiles, or crops keep different numbers.</exception>
    public static long[] CompressedOrder(IReadOnlyList<IReadOnlyList<long>> kept, TokenGrid tiles, TokenGrid crop, int contextual)
    {
        ArgumentNullException.ThrowIfNull(kept);
        long[] raster = RasterOrder([[], .. kept.Skip(1)], tiles, crop);
        int tokens = kept[0].Count, rows = 1 + tokens + contextual;
        if (kept.FirstOrDefault(other => other.Count != tokens) is { } odd) throw new ArgumentException($"Crops keep as many tokens each; one keeps {odd.Count} and the base {tokens}.", nameof(kept));
        var rowOf = kept.Select(tokens => tokens.Index().ToDictionary(token => token.Item, token => 1 + token.Index)).ToList();
        return
        [
            .. Rows(0, 0, rows),
            .. raster.Select(index => (Crop: (int)(index / crop.Count), Token: index % crop.Count)).Select(token => (long)token.Crop * rows + rowOf[token.Crop][token.Token]),
            .. Enumerable.Range(1, tiles.Count).SelectMany(tile => Rows(tile, 0, 1)),
            .. Enumerable.Range(1, tiles.Count).SelectMany(tile => Rows(tile, 1 + tokens, contextual)),
        ];

        IEnumerable<long> Rows(int of, int first, int count) => Enumerable.Range(first, count).Select(row => (long)of * rows + row);
    }
}
