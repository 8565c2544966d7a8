using PruneNotebooks.Pruners;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Tests.Pruners;

public sealed class RandomTokensTests
{
    [Fact]
    public void A_smaller_budget_keeps_a_subset_and_another_seed_keeps_others()
    {
        using var sample = new SampleContext(new TokenGrid(10, 10), Signals.None, seed: 1);
        IReadOnlyList<long> Kept(long seed, int keep) => new RandomTokens { Seed = seed }.Select(sample.Context(), keep).Kept;
        Assert.Subset(Kept(5, 40).ToHashSet(), Kept(5, 10).ToHashSet());
        Assert.NotEqual(Kept(5, 40), Kept(6, 40));
    }

    [Fact]
    public void Images_of_one_prompt_draw_independently()
    {
        using var features = TorchSharp.torch.zeros(50, 1);
        IReadOnlyList<long> Kept(int image) => new RandomTokens().Select(new PruningContext(features) { Image = image }, 20).Kept;
        Assert.NotEqual(Kept(0), Kept(1));
    }
}
