using PruneNotebooks.Primitives;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Primitives;

public sealed class WindowMergingTests
{
    [Fact]
    public void Likeness_is_the_mean_cosine_of_pairs()
    {
        using var scope = NewDisposeScope();
        using var random = new Generator(1);
        var features = randn([36, 5], generator: random);
        float[] likeness = new WindowMerging(TokenGrid.Square(6), 3, 3).Likeness(features).data<float>().ToArray();
        Assert.Equal(4, likeness.Length);
        // Window 1: rows 0 to 2, columns 3 to 5.
        long[] window = [3, 4, 5, 9, 10, 11, 15, 16, 17];
        double sum = 0;
        foreach (long i in window)
            foreach (long j in window)
                if (i != j) sum += nn.functional.cosine_similarity(features[i], features[j], 0).item<float>();
        Assert.Equal(sum / 72, likeness[1], tolerance: 1e-5);
    }

    [Fact]
    public void Merged_windows_come_first_in_their_order_and_the_border_stays()
    {
        using var scope = NewDisposeScope();
        // 2 x 5: two windows of 2 x 2, and a column that fills none.
        var windows = new WindowMerging(new TokenGrid(2, 5), 2, 2);
        var (features, order) = windows.Merge(arange(10, ScalarType.Float32).unsqueeze(1), [1, 0]);
        Assert.Equal([(2 + 3 + 7 + 8) / 4f, (0 + 1 + 5 + 6) / 4f, 4, 9], features.data<float>().ToArray());
        Assert.Equal([7, 5, 4, 9], order);
    }

    [Theory]
    [InlineData(144, 0)]
    [InlineData(137, 0)]
    [InlineData(136, 1)]
    [InlineData(100, 5)]
    [InlineData(1, 16)]
    public void As_many_windows_merge_as_the_budget_allows(int keep, int count) => Assert.Equal(count, new WindowMerging(TokenGrid.Square(12), 3, 3).WindowsFor(keep));
}
