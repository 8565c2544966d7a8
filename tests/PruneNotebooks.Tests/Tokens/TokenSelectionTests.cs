using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Tokens;

public sealed class TokenSelectionTests
{
    [Fact]
    public void Kept_tokens_ascend_whatever_the_order_of_the_choice()
    {
        using var selection = new TokenSelection([5, 0, 3], 6);
        Assert.Equal([0, 3, 5], selection.Kept);
        using var indices = selection.ToTensor();
        Assert.Equal([0, 3, 5], indices.data<long>().ToArray());
    }

    [Fact]
    public void What_cannot_be_kept_is_refused_by_name()
    {
        static string Message(long[] kept, float[]? scores = null, Tensor? features = null) => Assert.Throws<ArgumentException>(() => new TokenSelection(kept, 6, scores, features)).Message;
        Assert.Contains("Token 6 was kept, but only tokens 0 to 5", Message([1, 6]), StringComparison.Ordinal);
        Assert.Contains("Token -1", Message([-1, 2]), StringComparison.Ordinal);
        Assert.Contains("Token 2 was kept twice", Message([2, 1, 2]), StringComparison.Ordinal);
        Assert.Contains("there are 5 scores", Message([1], scores: new float[5]), StringComparison.Ordinal);
        using var features = zeros(3, 4);
        Assert.Contains("merged features are [3, 4]", Message([1], features: features), StringComparison.Ordinal);
    }

    [Fact]
    public void Merged_features_live_as_long_as_the_selection()
    {
        TokenSelection selection;
        using (NewDisposeScope()) selection = new TokenSelection([1], 6, features: ones(1, 4));
        Assert.Equal(4, selection.Features!.sum().item<float>());
        selection.Dispose();
        Assert.True(selection.Features.IsInvalid);
    }
}
