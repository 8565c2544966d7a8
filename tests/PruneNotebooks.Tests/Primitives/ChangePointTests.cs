using CsCheck;
using PruneNotebooks.Primitives;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Primitives;

public sealed class ChangePointTests
{
    [Fact]
    public void A_step_is_found_wherever_it_is() => (
        from length in Gen.Int[4, 40]
        from at in Gen.Int[2, length - 2]
        from level in Gen.Double[-5, 5]
        from step in Gen.Double[0.5, 3]
        select (length, at, level, step)).Sample(c => Assert.Equal(c.at, ChangePoint.Of([.. Enumerable.Range(0, c.length).Select(i => i < c.at ? c.level : c.level + c.step)])));

    [Fact]
    public void Of_equally_good_splits_the_last_counts() => Assert.Equal(4, ChangePoint.Of([1, 1, 1, 1, 1, 1]));

    [Fact]
    public void A_part_is_never_shorter_than_asked() => Assert.Equal(3, ChangePoint.Of([9, 0, 0, 0, 0, 0], shortest: 3));

    [Fact]
    public void A_curve_too_short_for_two_parts_is_refused() =>
        Assert.Contains("need 4 values; the curve has 3", Assert.Throws<ArgumentException>(() => ChangePoint.Of([1, 2, 3])).Message, StringComparison.Ordinal);

    [Fact]
    public void The_most_attended_tokens_come_by_ascending_total()
    {
        using var scope = NewDisposeScope();
        // Token 1 gathers all in layer 3, token 2 (twice as much) in layer 2; token 0 is never looked at.
        var attention = tensor(new float[,] { { 0, 0, 0 }, { 0, 0, 0 }, { 0, 0, 2 }, { 0, 1, 0 }, { 0, 0, 0 }, { 0, 0, 0 } });
        var (tokens, layers) = ChangePoint.OfTokens(attention, top: 2);
        Assert.Equal([1, 2], tokens);
        Assert.Equal([2, 1], layers);
    }
}
