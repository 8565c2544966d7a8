using CsCheck;
using PruneNotebooks.Primitives;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Primitives;

public sealed class BipartiteMatchingTests
{
    // Angles in degrees, as directions.
    static Tensor Directions(params double[] degrees)
    {
        using var scope = NewDisposeScope();
        var angles = tensor([.. degrees.Select(d => (float)(d * Math.PI / 180))]);
        return stack([angles.cos(), angles.sin()], 1).MoveToOuterDisposeScope();
    }

    [Fact]
    public void The_strongest_edges_merge_and_the_rest_goes_on_by_strength()
    {
        // Even places 0, 50, 91; odd places 10, 90: edges of 10, 40 and 1 degrees.
        using var metric = Directions(0, 10, 50, 90, 91);
        var groups = BipartiteMatching.Of(metric, 1);
        Assert.Equal([4], groups.Members);
        Assert.Equal([0, 2, 1, 3], groups.Targets);
        Assert.Equal([3], groups.Assignment);
        Assert.Equal([4, 0], BipartiteMatching.Of(metric, 9).Members);
    }

    [Fact]
    public void A_class_token_joins_nobody_and_a_distillation_token_is_joined_by_nobody()
    {
        using var metric = Directions(0, 1, 50, 40, 91, 80);
        Assert.DoesNotContain(0, BipartiteMatching.Of(metric, 2, classToken: true).Members);
        Assert.Equal([0, 4, 1, 3, 5], BipartiteMatching.Of(metric, 1, classToken: true).Targets);
        var both = BipartiteMatching.Of(metric, 2, classToken: true, distillationToken: true);
        Assert.Equal([0, 1, 3, 5], both.Targets);
        Assert.DoesNotContain(1, both.Assignment);
    }

    [Fact]
    public void Patches_alone_match_as_with_the_class_token_before_them() => Gen.Select(Gen.Int[1, 40], Gen.Int[0, 25], Gen.ULong).Sample((patches, merges, seed) =>
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(seed);
        var metric = randn(1 + patches, 5, generator: generator);
        var whole = BipartiteMatching.Of(metric, merges, classToken: true);
        var alone = BipartiteMatching.OfPatches(metric.narrow(0, 1, patches), merges);
        Assert.Equal(whole.Targets, alone.Targets.Select(token => token + 1).Prepend(0));
        Assert.Equal(whole.Members, alone.Members.Select(token => token + 1));
        Assert.Equal(whole.Assignment, alone.Assignment.Select(place => place + 1));
    }, iter: 60, threads: 1);

    [Fact]
    public void Variants_leave_every_kth_or_random_ones()
    {
        using var metric = randn(11, 4);
        var kth = BipartiteMatching.EveryKth(metric, 3);
        Assert.Equal([2, 5, 8], kth.Targets);
        Assert.Equal([0, 1, 3, 4, 6, 7], kth.Members);
        var random = BipartiteMatching.Random(metric, 4, seed: 5);
        Assert.Equal((7, 4), (random.Targets.Length, random.Members.Length));
        Assert.Equal(random.Targets, BipartiteMatching.Random(metric, 4, seed: 5).Targets);
        Assert.Contains("Of 11 tokens 11", Assert.Throws<ArgumentOutOfRangeException>(() => BipartiteMatching.Random(metric, 11, 5)).Message, StringComparison.Ordinal);
    }
}
