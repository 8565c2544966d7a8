using PruneNotebooks.Primitives;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Primitives;

public sealed class InterLayerAttentionTests
{
    // Two heads, two tokens; only token 1 leads in the first layer, token 0 in the second.
    [Fact]
    public void Heads_of_the_leading_tokens_are_compared()
    {
        using var scope = NewDisposeScope();
        var attention = tensor(new float[,,] { { { 0.1f, 0.3f }, { 0.1f, 0.4f } }, { { 0.9f, 0.4f }, { 0.1f, 0.3f } }, { { 0.9f, 0 }, { 0.1f, 1 } } });
        double[] similarity = InterLayerAttention.Similarity(attention, window: 1, top: 1);
        Assert.Equal(0.24 / 0.25, similarity[0], tolerance: 1e-6);
        Assert.Equal(1, similarity[1], tolerance: 1e-6);
    }

    [Fact]
    public void A_token_without_any_attention_is_like_no_other()
    {
        using var scope = NewDisposeScope();
        Assert.Equal([0], InterLayerAttention.Similarity(tensor(new float[,,] { { { 1 } }, { { 0 } } }), window: 1, top: 1));
    }

    [Fact]
    public void Maxima_lie_inside_and_a_plateau_counts_once_where_it_begins() =>
        Assert.Equal([2, 5], InterLayerAttention.LocalMaxima([9, 1, 3, 3, 1, 4, 2, 2, 8]));
}
