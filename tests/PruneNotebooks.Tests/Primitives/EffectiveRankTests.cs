using PruneNotebooks.Primitives;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Primitives;

public sealed class EffectiveRankTests
{
    [Fact]
    public void Even_directions_count_one_each_and_uneven_ones_less()
    {
        using var scope = NewDisposeScope();
        Assert.Equal(5, EffectiveRank.Of(eye(5)), tolerance: 1e-12);
        Assert.Equal(1, EffectiveRank.Of(ones(7, 3)), tolerance: 1e-12);
        // Singular values 3 and 1.
        double expected = Math.Exp(-(0.75 * Math.Log(0.75) + 0.25 * Math.Log(0.25)));
        Assert.Equal(expected, EffectiveRank.Of(diag(tensor(new float[] { 3, 1 }))), tolerance: 1e-12);
    }

    [Fact]
    public void Directions_that_only_rounding_makes_do_not_count()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(2);
        var low = randn(200, 3, ScalarType.Float64, generator: generator).matmul(randn(3, 300, ScalarType.Float64, generator: generator));
        var spread = linalg.svdvals(low);
        var q = spread / spread.sum();
        Assert.Equal(Math.Exp(-q.xlogy(q).sum().item<double>()), EffectiveRank.Of(low), tolerance: 1e-6);
        Assert.InRange(EffectiveRank.Of(low), 1, 3);
    }

    [Fact]
    public void Centring_takes_away_what_all_tokens_share()
    {
        using var scope = NewDisposeScope();
        var cross = tensor(new float[,] { { 1, 0 }, { -1, 0 }, { 0, 1 }, { 0, -1 } });
        Assert.Equal(2, EffectiveRank.Of(cross + 100, centred: true), tolerance: 1e-9);
        Assert.InRange(EffectiveRank.Of(cross + 100), 1, 1.1);
        Assert.Equal(0, EffectiveRank.Of(ones(3, 4), centred: true));
    }

    [Fact]
    public void What_has_no_rank_is_refused()
    {
        using var bad = ones(4, 3);
        bad[2, 1] = float.NaN;
        using var vector = ones(4);
        Assert.Contains("token 2", Assert.Throws<ArgumentException>(() => EffectiveRank.Of(bad, centred: true)).Message, StringComparison.Ordinal);
        Assert.Contains("they are [4]", Assert.Throws<ArgumentException>(() => EffectiveRank.Of(vector)).Message, StringComparison.Ordinal);
    }
}
