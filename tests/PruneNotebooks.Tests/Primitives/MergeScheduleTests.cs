using CsCheck;
using PruneNotebooks.Primitives;

namespace PruneNotebooks.Tests.Primitives;

public sealed class MergeScheduleTests
{
    // Token counts that the paper's recursion gives: ViT-B/16 and ViT-L/16 with 197 tokens.
    [Theory]
    [InlineData(12, 13, 41)]
    [InlineData(12, 16, 11)]
    [InlineData(24, 8, 7)]
    public void A_constant_schedule_leaves_what_the_recursion_says(int layers, int merges, int left) =>
        Assert.Equal(left, MergeSchedule.Linear(layers, merges).Aggregate(197, (tokens, r) => tokens - Math.Min(r, (tokens - 1) / 2)));

    [Fact]
    public void Counts_fall_to_the_budget_and_no_block_must_merge_more_than_half_where_the_blocks_suffice() =>
        Gen.Select(Gen.Int[1, 30], Gen.Int[1, 800], Gen.Double[-1, 1]).SelectMany(c => Gen.Int[1, c.Item2].Select(keep => (Layers: c.Item1, Tokens: c.Item2, Keep: keep, Inflection: c.Item3))).Sample(c =>
        {
            int[] counts = MergeSchedule.Counts(c.Layers, c.Tokens, c.Keep, c.Inflection);
            int[] all = [c.Tokens, .. counts];
            Assert.Equal(c.Keep, counts[^1]);
            for (int i = 1; i < all.Length; i++)
            {
                Assert.InRange(all[i], c.Keep, all[i - 1]);
                if (c.Tokens <= c.Keep * Math.Pow(2, c.Layers)) Assert.True(all[i - 1] <= 2 * all[i], string.Join(" ", all));
            }
        }, threads: 1);

    [Fact]
    public void A_falling_schedule_merges_early()
    {
        Assert.Equal([75, 58, 50, 50], MergeSchedule.Counts(4, 100, 50, -1));
        Assert.Equal([88, 75, 62, 50], MergeSchedule.Counts(4, 100, 50));
        Assert.Contains("it was 101", Assert.Throws<ArgumentOutOfRangeException>(() => MergeSchedule.Counts(4, 100, 101)).Message, StringComparison.Ordinal);
        Assert.Contains("it was 2", Assert.Throws<ArgumentOutOfRangeException>(() => MergeSchedule.Linear(4, 10, 2)).Message, StringComparison.Ordinal);
    }
}
