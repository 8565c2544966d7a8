using PruneNotebooks.Primitives;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Primitives;

public sealed class WindowsTests
{
    // 3 x 5 tokens whose score is their index: the best lie at the lower right.
    static readonly TokenGrid Grid = new(3, 5);

    static Ranking Rising()
    {
        using var scores = arange(15);
        return Ranking.Of(scores);
    }

    [Fact]
    public void Each_whole_window_has_its_best_and_what_fills_none_has_nothing()
    {
        // Two windows of 2 x 2: tokens 0 1 5 6 and 2 3 7 8.
        Assert.Equal([6, 8], Windows.Top(Rising(), Grid, 2, 3));
        Assert.Equal([5, 6, 7, 8], Windows.Top(Rising(), Grid, 2, 4));
        Assert.Empty(Windows.Top(Rising(), Grid, 2, 1));
        Assert.Empty(Windows.Top(Rising(), Grid, 4, 10));
    }

    [Fact]
    public void The_last_windows_take_in_what_fills_none_and_a_walk_stops_at_the_count()
    {
        Assert.Equal([10, 11, 13, 14], Windows.Capped(Rising(), Grid, 2, 4));
        Assert.Equal([11, 13, 14], Windows.Capped(Rising(), Grid, 2, 3));
        Assert.Equal([13, 14], Windows.Capped(Rising(), Grid, 9, 2));
    }
}
