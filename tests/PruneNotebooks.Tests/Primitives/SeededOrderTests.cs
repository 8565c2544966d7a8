using PruneNotebooks.Primitives;

namespace PruneNotebooks.Tests.Primitives;

public sealed class SeededOrderTests
{
    [Fact]
    public void A_seed_means_one_order_for_ever() => Assert.Equal([0, 3, 4, 1, 7, 2, 6, 5], SeededOrder.Of(8, seed: 1));

    [Fact]
    public void Every_token_occurs_once() => Assert.Equal(Enumerable.Range(0, 1000).Select(i => (long)i), SeededOrder.Of(1000, seed: -3).Order());

    [Fact]
    public void All_orders_are_equally_likely()
    {
        // 24 orders of 4, 24,000 seeds: chi-squared with 23 degrees of freedom stays below 49.7 in 99.9 % of all choices of seeds.
        int[] seen = [.. Enumerable.Range(0, 24_000).GroupBy(seed => string.Join(' ', SeededOrder.Of(4, seed))).Select(group => group.Count())];
        Assert.Equal(24, seen.Length);
        Assert.InRange(seen.Sum(count => (count - 1000.0) * (count - 1000.0) / 1000), 0, 49.7);
    }
}
