using PruneNotebooks.Primitives;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Primitives;

public sealed class TextFilterTests
{
    [Fact]
    public void A_token_is_weak_only_if_it_is_weak_in_both_respects()
    {
        using var scope = NewDisposeScope();
        // Two text tokens, four visual ones. Sums 0.1, 0.3, 0.2, 0.4; largest 0.1, 0.2, 0.2, 0.2.
        var filter = TextFilter.Of(tensor(new float[,] { { 0.0f, 0.1f, 0.2f, 0.2f }, { 0.1f, 0.2f, 0.0f, 0.2f } }).unsqueeze(0));
        bool[] weak = filter.Level(global: 0.25, individual: 0.15).lt(1).data<bool>().ToArray();
        Assert.Equal([true, false, false, false], weak);      // token 2 has one word that looks at it
        Assert.Equal([true, false, true, false], filter.Level(0.25, 0.5).lt(1).data<bool>().ToArray());
    }

    [Fact]
    public void What_equals_a_threshold_is_not_below_it()
    {
        using var scope = NewDisposeScope();
        using var random = new Generator(1);
        var attention = rand([3, 5, 200], generator: random);
        var filter = TextFilter.Of(attention);
        foreach (float value in filter.Individual.data<float>().ToArray())
            Assert.Equal(filter.Individual.ge(value).data<bool>().ToArray(), filter.Level(1, value).ge(1).data<bool>().ToArray());
    }

    [Fact]
    public void A_threshold_of_zero_lets_nobody_leave()
    {
        using var scope = NewDisposeScope();
        Assert.True(TextFilter.Of(zeros(1, 2, 3)).Level(1, 0).ge(1).all().item<bool>());
    }
}
