using PruneNotebooks.Metrics;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Tests.Metrics;

public sealed class TokenRecallTests
{
    [Fact]
    public void Kept_tokens_are_counted_on_and_off_the_objects()
    {
        var recall = TokenRecall.Of(new TokenSelection([0, 1, 5, 9], 20), [[0, 1, 2], [2, 3], [9]]);
        Assert.Equal((4, 20, 5, 3), (recall.Kept, recall.Tokens, recall.OnObjects, recall.KeptOnObjects));
        Assert.Equal(0.6, recall.Recall, tolerance: 1e-12);
        Assert.Equal(0.75, recall.Precision, tolerance: 1e-12);
        Assert.Equal(3, recall.Lift, tolerance: 1e-12);
        Assert.Equal(2, recall.Found);
        Assert.Equal([2 / 3.0, 0, 1], recall.ByObject);
        Assert.Equal("recall 60.0 % of 5 object tokens, 3.0 times chance; 2 of 3 objects found", recall.ToString());
    }

    [Fact]
    public void Keeping_all_is_full_recall_at_chance()
    {
        var recall = TokenRecall.Of(TokenSelection.All(12), [[3], [4, 5]]);
        Assert.Equal((1, 1), (recall.Recall, recall.Lift));
    }

    [Fact]
    public void Masks_that_are_none_are_refused()
    {
        var selection = TokenSelection.All(12);
        Assert.Contains("there are none", Assert.Throws<ArgumentException>(() => TokenRecall.Of(selection, [])).Message, StringComparison.Ordinal);
        Assert.Contains("Object 1 has no token", Assert.Throws<ArgumentException>(() => TokenRecall.Of(selection, [[1], []])).Message, StringComparison.Ordinal);
        Assert.Contains("Object 0 has token 12", Assert.Throws<ArgumentException>(() => TokenRecall.Of(selection, [[1, 12]])).Message, StringComparison.Ordinal);
        Assert.Contains("Object 0 has token -1", Assert.Throws<ArgumentException>(() => TokenRecall.Of(selection, [[-1]])).Message, StringComparison.Ordinal);
    }
}
