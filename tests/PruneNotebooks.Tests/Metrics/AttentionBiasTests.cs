using CsCheck;
using PruneNotebooks.Metrics;
using PruneNotebooks.Primitives;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Metrics;

public sealed class AttentionBiasTests
{
    static readonly TrendForm[] Exponentials = [TrendForm.Exponential, TrendForm.LogExponential];

    static Tensor Samples(Func<int, double> of, int count = 64) => tensor([.. Enumerable.Range(0, count).Select(of)], ScalarType.Float64).unsqueeze(0);

    [Fact]
    public void An_exponential_is_found_again_whatever_its_strength_and_size() => Gen.Select(Gen.Double[-3, 3], Gen.Double[-12, 3], Gen.Int[4, 600]).Sample((sigma, size, places) =>
    {
        using var samples = Samples(i => Math.Exp(size + sigma * i / places), places);
        foreach (var form in Exponentials)
        {
            var bias = AttentionBias.Fit(samples, form);
            Assert.Equal(sigma, bias.Sigma!.Value, tolerance: 1e-6);
            Assert.Equal(1, bias.Level / Math.Exp(size), tolerance: 1e-6);
            Assert.All(bias.Debiased, left => Assert.Equal(1, left, tolerance: 1e-6));
        }
    }, threads: 1);

    [Fact]
    public void Noise_is_averaged_away_and_nothing_is_left_after_debiasing()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(7);
        var places = arange(576, ScalarType.Float64) / 576;
        var samples = 0.002 * exp(1.2 * places) * rand(400, 576, ScalarType.Float64, generator: generator) * 2;
        var bias = AttentionBias.Fit(samples);
        Assert.Equal(1.2, bias.Sigma!.Value, tolerance: 0.03);
        Assert.InRange(bias.Explained, 0.95, 1);
        Assert.Equal(0, AttentionBias.Fit(tensor(bias.Debiased).unsqueeze(0)).Sigma!.Value, tolerance: 0.02);
    }

    [Fact]
    public void No_other_exponential_has_a_smaller_sum_of_squares()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(8);
        var bias = AttentionBias.Fit(rand(1, 50, ScalarType.Float64, generator: generator));
        double best = Squares(bias.Level, bias.Sigma!.Value);
        foreach (var (a, b) in new[] { (1.001, 0.0), (0.999, 0.0), (1.0, 0.001), (1.0, -0.001), (1.001, -0.001) })
            Assert.True(best < Squares(bias.Level * a, bias.Sigma.Value + b));

        double Squares(double mu, double sigma) => bias.Mean.Select((mean, i) => Math.Pow(mean - mu * Math.Exp(sigma * i / 50), 2)).Sum();
    }

    [Fact]
    public void A_cubic_and_a_vector_are_found_again()
    {
        using var samples = Samples(i => 3 * new PositionTrend.Cubic(1.5, -4, 5).At(i / 64.0));
        var cubic = AttentionBias.Fit(samples, TrendForm.Cubic);
        var trend = Assert.IsType<PositionTrend.Cubic>(cubic.Trend);
        foreach (var (expected, actual) in new[] { (3, cubic.Level), (1.5, trend.C1), (-4, trend.C2), (5, trend.C3) }) Assert.Equal(expected, actual, tolerance: 1e-6);
        Assert.Equal(1, cubic.Explained, tolerance: 1e-9);
        Assert.Null(cubic.Sigma);
        Assert.All(AttentionBias.Fit(samples, TrendForm.Vector).Debiased, left => Assert.Equal(1, left, tolerance: 1e-12));
        Assert.Equal("cubic over 64 places, 100 % explained (1 samples)", cubic.ToString());
    }

    [Fact]
    public void Padding_has_its_share()
    {
        using var samples = Samples(i => i is >= 4 and < 12 ? 1 : 3, 16);
        Assert.Equal(24 / 32.0, AttentionBias.Fit(samples).PaddingShare(PaddingMask.ByOverlap(200, 100, 4)), tolerance: 1e-12);
        Assert.Throws<ArgumentException>(() => AttentionBias.Fit(samples).PaddingShare(PaddingMask.ByOverlap(1, 1, 3)));
    }

    [Fact]
    public void Places_without_attention_are_no_obstacle_to_the_exponential_but_to_logarithms()
    {
        using var samples = Samples(i => i == 5 ? 0 : 1);
        Assert.InRange(AttentionBias.Fit(samples).Sigma!.Value, -0.2, 0.2);
        Assert.Contains("Token 5 gets no attention", Assert.Throws<ArgumentException>(() => AttentionBias.Fit(samples, TrendForm.LogExponential)).Message, StringComparison.Ordinal);
        using var none = zeros(2, 8);
        Assert.Contains("no attention in these samples", Assert.Throws<ArgumentException>(() => AttentionBias.Fit(none)).Message, StringComparison.Ordinal);
        using var bad = Samples(i => i == 3 ? double.NaN : 1);
        Assert.Contains("token 3 is not finite", Assert.Throws<ArgumentException>(() => AttentionBias.Fit(bad)).Message, StringComparison.Ordinal);
    }
}
