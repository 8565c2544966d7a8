using PruneNotebooks.Primitives;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Primitives;

public sealed class RankLevelTests
{
    [Fact]
    public void Rows_that_are_multiples_of_others_add_nothing_to_the_rank()
    {
        using var scope = NewDisposeScope();
        var rows = rand(3, 20);
        Assert.Equal(3, RankLevel.Rank(rows));
        Assert.Equal(3, RankLevel.Rank(cat([rows, 2 * rows])));
        Assert.Equal(0, RankLevel.Rank(zeros(3, 20)));
    }

    [Fact]
    public void At_least_one_token_leaves_unless_the_rank_is_full()
    {
        var level = new RankLevel(13.5);
        Assert.Equal(54, level.Left(4, 576));
        Assert.Equal(67, level.Left(5, 576));
        Assert.Equal(35, level.Left(5, 36));
        Assert.Equal(5, level.Left(5, 5));
    }
}
