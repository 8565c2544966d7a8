using CsCheck;
using PruneNotebooks.Primitives;

namespace PruneNotebooks.Tests.Primitives;

public sealed class PositionPaddingTests
{
    [Fact]
    public void Each_run_leaves_its_last_place()
    {
        Assert.Equal([2, 5, 9], PositionPadding.Markers([1, 2, 5, 8, 9]));
        // Text at 0, 1 and 5; tokens at 2, 3, 4 and 6, 7: text ends a run.
        var (places, markers) = PositionPadding.Survivors(8, [2, 3, 4, 6, 7], kept: [0]);
        Assert.Equal([4, 7], markers);
        Assert.Equal([0, 1, 2, 4, 5, 7], places);
    }

    [Fact]
    public void There_are_as_many_markers_as_the_closed_form_allows() => Gen.Select(Gen.Int[1, 60], Gen.ULong).Sample((tokens, seed) =>
    {
        int keep = (int)(seed % (ulong)(tokens + 1));
        long[] kept = SeededOrder.Of(tokens, (long)seed)[..keep];
        var (places, markers) = PositionPadding.Survivors(tokens + 4, [.. Enumerable.Range(2, tokens).Select(i => (long)i)], kept);
        Assert.InRange(markers.Length, keep < tokens ? 1 : 0, Math.Min(tokens - keep, keep + 1));
        Assert.Equal(4 + keep + markers.Length, places.Length);
        Assert.Empty(markers.Intersect(kept.Select(token => token + 2)));
    });
}
