using PruneNotebooks.Tokens;

namespace PruneNotebooks.Tests.Tokens;

public sealed class LayerTests
{
    [Fact]
    public void Papers_names_become_indices()
    {
        Assert.Equal(8, Layer.Number(9).Resolve(24));
        Assert.Equal(8, Layer.AtDepth(9 / 24.0).Resolve(24));
        Assert.Equal(1, Layer.AtDepth(9 / 24.0).Resolve(5));
        Assert.Equal(22, Layer.FromEnd(2).Resolve(24));
        Assert.Equal(23, Layer.Last.Resolve(24));
        Assert.Equal(22, Layer.Features.Resolve(24, features: 22));
        Assert.Equal(1, Layer.BeforeStage.Resolve(32, stage: 2));
    }

    [Fact]
    public void A_layer_that_is_not_there_is_refused_in_a_sentence()
    {
        Assert.Contains("no layer 25 among 24", Assert.Throws<ArgumentException>(() => Layer.Number(25).Resolve(24)).Message, StringComparison.Ordinal);
        Assert.Contains("before its stage", Assert.Throws<ArgumentException>(() => Layer.BeforeStage.Resolve(32, stage: 0)).Message, StringComparison.Ordinal);
        Assert.Contains("counts from 1", Assert.Throws<ArgumentOutOfRangeException>(() => Layer.Number(0)).Message, StringComparison.Ordinal);
        Assert.Contains("above 0 and at most 1", Assert.Throws<ArgumentOutOfRangeException>(() => Layer.AtDepth(9)).Message, StringComparison.Ordinal);
    }
}
