using PruneNotebooks.Primitives;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Primitives;

public sealed class LeastSimilarTests
{
    [Fact]
    public void Pivots_take_what_is_least_similar_and_leave_it_to_nobody_else()
    {
        using var scope = NewDisposeScope();
        var features = tensor(new float[,] { { 1, 0 }, { 1, 1 }, { 0, 1 }, { -1, 0 }, { 0, 2 } });
        var pivots = tensor(new float[,] { { 1, 0 }, { 0, 1 } });
        // From the first: -1, then the two that are at right angles; token 0 is a pivot.
        Assert.Equal([3L, 2, 1], LeastSimilar.Choose(features, pivots, [2, 1], except: [0]));
        Assert.Equal([3L, 2, 4, 1], LeastSimilar.Choose(features, pivots, [3, 3], except: [0]));
        Assert.Equal([3L], LeastSimilar.Choose(features, pivots, [0, 1], except: [0]));
        features[2, 1] = float.NaN;
        Assert.Contains("token 2", Assert.Throws<ArgumentException>(() => LeastSimilar.Choose(features, pivots, [2, 1], [])).Message, StringComparison.Ordinal);
    }
}
