namespace PruneNotebooks.Primitives;

/// <summary>PosPad: each run of dropped tokens leaves one marker at its last place, so that what stays keeps its position and the model sees where something is missing.</summary>
/// <remarks>
/// <i>FocusUI</i>, arXiv 2601.03928. Runs are runs of the sequence: in raster order one may go on from the end of a row to the start of the next. Of N tokens of one picture, K kept
/// leave R markers, 1 &lt;= R &lt;= min(N - K, K + 1) if some are dropped: they count against the saving.
/// </remarks>
public static class PositionPadding
{
    /// <summary>The places at which markers stand, ascending. O(N).</summary>
    /// <param name="dropped">Places in the sequence that are dropped, ascending.</param>
    public static long[] Markers(IReadOnlyList<long> dropped)
    {
        ArgumentNullException.ThrowIfNull(dropped);
        return [.. dropped.Where((place, i) => i + 1 == dropped.Count || dropped[i + 1] != place + 1)];
    }

    /// <summary>The places of a sequence that are left: text, kept tokens, and markers.</summary>
    /// <param name="length">How long the sequence is.</param>
    /// <param name="visual">Places of the visual tokens, ascending.</param>
    /// <param name="kept">Which of them stay, as indices into <paramref name="visual"/>.</param>
    /// <returns>Places, ascending, and which of these are markers.</returns>
    /// <exception cref="ArgumentException">An index is out of range.</exception>
    public static (long[] Places, long[] Markers) Survivors(int length, IReadOnlyList<long> visual, IReadOnlyList<long> kept)
    {
        ArgumentNullException.ThrowIfNull(visual);
        ArgumentNullException.ThrowIfNull(kept);
        bool[] stays = new bool[visual.Count];
        foreach (long token in kept)
            stays[token] = token >= 0 && token < visual.Count ? true : throw new ArgumentException($"Token {token} was kept, but there are {visual.Count} visual tokens.", nameof(kept));
        long[] dropped = [.. visual.Where((_, token) => !stays[token])];
        long[] markers = Markers(dropped);
        var gone = dropped.Except(markers).ToHashSet();
        return ([.. Enumerable.Range(0, length).Select(i => (long)i).Where(place => !gone.Contains(place))], markers);
    }
}
