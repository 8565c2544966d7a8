using PruneNotebooks.Primitives;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Primitives;

public sealed class ObjectSharesTests
{
    [Fact]
    public void Large_objects_get_more_and_small_ones_get_one()
    {
        using var scope = NewDisposeScope();
        var masks = zeros(4, 12);
        masks[0].narrow(0, 0, 8).fill_(1);      // eight tokens
        masks[1].narrow(0, 8, 3).fill_(1);      // three
        masks[2][11] = 1;                       // one; the last object is empty
        var shares = ObjectShares.Of(masks, 5);
        Assert.Equal([3, 1, 1, 0], shares.Counts);      // floor(5 * 8 / 12), floor(5 * 3 / 12), max(1, floor(5 / 12))
        Assert.Equal([0, 2, 4, 8, 11], shares.Tokens);  // of eight every second
    }

    [Fact]
    public void Tokens_of_two_objects_count_once()
    {
        using var scope = NewDisposeScope();
        Assert.Equal([0, 1, 2], ObjectShares.Of(ones(2, 3), 6).Tokens);
    }

    [Fact]
    public void What_is_no_mask_is_refused()
    {
        using var scope = NewDisposeScope();
        Assert.Contains("0.5", Assert.Throws<ArgumentException>(() => ObjectShares.Of(full([1, 3], 0.5), 2)).Message, StringComparison.Ordinal);
        Assert.Contains("None of the 2 objects", Assert.Throws<ArgumentException>(() => ObjectShares.Of(zeros(2, 3), 2)).Message, StringComparison.Ordinal);
    }
}
