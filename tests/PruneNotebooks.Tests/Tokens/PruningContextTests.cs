using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Tokens;

public sealed class PruningContextTests
{
    [Fact]
    public void Shapes_that_disagree_are_refused()
    {
        using var features = zeros(6, 4);
        using var attention = zeros(2, 1, 7);
        Assert.Contains("they are [6]", Assert.Throws<ArgumentException>(() => new PruningContext(features.select(1, 0))).Message, StringComparison.Ordinal);
        Assert.Contains("2 x 4 has 8 places but there are 6 tokens", Assert.Throws<ArgumentException>(() => new PruningContext(features, new TokenGrid(2, 4))).Message, StringComparison.Ordinal);
        Assert.Contains("6 tokens need 6 places", Assert.Throws<ArgumentException>(() => new PruningContext(features, new TokenGrid(2, 4), [0, 1])).Message, StringComparison.Ordinal);
        Assert.Contains("There are 6 tokens", Assert.Throws<ArgumentException>(() => new PruningContext(features).With(new Signal.VisionAttention(), attention)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_grid_is_there_while_all_its_places_are_taken()
    {
        using var features = zeros(6, 4);
        Assert.Equal(new TokenGrid(2, 3), new PruningContext(features, new TokenGrid(2, 3)).Grid);
        Assert.Contains("only 6 of 8", Assert.Throws<InvalidOperationException>(() => new PruningContext(features, new TokenGrid(2, 4), [0, 1, 2, 3, 4, 7]).Grid).Message, StringComparison.Ordinal);
    }
}
