using CsCheck;
using PruneNotebooks.Primitives;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Primitives;

public sealed class TokenGroupsTests
{
    static readonly float[,] Crosses = { { 1, 0 }, { 0, 2 }, { 3, 1 }, { 1, 4 }, { 5, 0 } };

    [Fact]
    public void Each_member_joins_the_most_similar_target_and_the_mean_counts_all()
    {
        using var features = tensor(Crosses);
        var groups = TokenGroups.Nearest(features, [1, 4], [0, 2, 3]);
        Assert.Equal([1, 1, 0], groups.Assignment);
        using var mean = groups.Mean(features);
        Assert.Equal([0.5f, 3, 3, 1 / 3f], mean.data<float>().ToArray());
        using var heavy = groups.Mean(features, ownWeight: 3);
        Assert.Equal([0.25f, 2.5f, 3.8f, 0.2f], heavy.data<float>().ToArray());
        using var sum = groups.TargetPlusMean(features);
        Assert.Equal([1, 6, 7, 0.5f], sum.data<float>().ToArray());
        Assert.Equal([2, 3], groups.Sizes());
    }

    [Fact]
    public void Sizes_weigh_and_add_up()
    {
        using var features = tensor(Crosses);
        using var sizes = tensor(new float[] { 1, 2, 1, 2, 4 });
        var groups = TokenGroups.Nearest(features, [1, 4], [0, 2, 3]);
        using var mean = groups.Mean(features, sizes: sizes);
        Assert.Equal([0.5f, 3, 4, 1 / 6f], mean.data<float>().ToArray());
        Assert.Equal([4, 6], groups.Sizes([1, 2, 1, 2, 4]));
    }

    [Fact]
    public void Targets_lie_at_even_steps_and_none_behind_the_last()
    {
        using var metric = randn(40, 3);
        long[] list = [.. Enumerable.Range(10, 23).Select(i => (long)i)];
        Assert.Equal([10, 15, 20, 25], TokenGroups.EvenlySpaced(metric, list, 4).Targets);
        Assert.Equal(19, TokenGroups.EvenlySpaced(metric, list, 4).Members.Length);
        Assert.Equal(list, TokenGroups.EvenlySpaced(metric, list, 23).Targets);
        Assert.Empty(TokenGroups.EvenlySpaced(metric, list, 0).Members);
        Assert.Contains("Of 23 tokens 24", Assert.Throws<ArgumentOutOfRangeException>(() => TokenGroups.EvenlySpaced(metric, list, 24)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_token_of_zeros_is_similar_to_nothing_and_joins_the_first_of_equals()
    {
        using var features = tensor(new float[,] { { 0, 1 }, { 0, 0 }, { 1, 0 } });
        Assert.Equal([0], TokenGroups.Nearest(features, [0, 2], [1]).Assignment);
    }

    [Fact]
    public void What_was_there_is_still_there_when_means_are_weighted_by_sizes() => Gen.Select(Gen.Int[2, 40], Gen.Int[1, 6], Gen.ULong).Sample((tokens, width, seed) =>
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(seed);
        var features = randn(tokens, width, generator: generator);
        long[] shuffled = SeededOrder.Of(tokens, (long)seed);
        int targets = 1 + (int)(seed % (ulong)(tokens - 1));
        var groups = TokenGroups.Nearest(features, shuffled[..targets], shuffled[targets..]);
        var before = features.sum([0]);
        var after = groups.Mean(features).mul(tensor(groups.Sizes()).unsqueeze(1)).sum([0]);
        Assert.True(allclose(before, after, 1e-4, 1e-4));
    }, iter: 60, threads: 1);
}
