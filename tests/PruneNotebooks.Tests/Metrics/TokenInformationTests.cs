using PruneNotebooks.Metrics;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Metrics;

public sealed class TokenInformationTests
{
    [Fact]
    public void Information_is_the_gain_in_probability_and_may_be_negative()
    {
        using var logits = tensor(new[,] { { MathF.Log(3), 0 }, { 0, MathF.Log(3) }, { 0, 0 } });
        using var text = zeros(2);
        var information = TokenInformation.Of(logits, text, answer: 0);
        Assert.Equal(0.5, information.TextProbability, tolerance: 1e-6);
        foreach (var (expected, actual) in new[] { 0.25, -0.25, 0 }.Zip(information.Values)) Assert.Equal(expected, actual, tolerance: 1e-6);
    }

    [Fact]
    public void Half_precision_logits_give_float32_probabilities()
    {
        using var half = zeros(4, 1000, ScalarType.Float16);
        using var text = zeros(1000, ScalarType.Float16);
        Assert.All(TokenInformation.Of(half, text, 7).Probabilities, p => Assert.Equal(0.001, p, tolerance: 1e-8));
    }

    [Fact]
    public void What_does_not_fit_together_is_refused()
    {
        using var logits = zeros(4, 10);
        using var text = zeros(9);
        using var fitting = zeros(10);
        Assert.Contains("[4, 10] and [9]", Assert.Throws<ArgumentException>(() => TokenInformation.Of(logits, text, 0)).Message, StringComparison.Ordinal);
        Assert.Contains("ids 0 to 9", Assert.Throws<ArgumentOutOfRangeException>(() => TokenInformation.Of(logits, fitting, 10)).Message, StringComparison.Ordinal);
    }
}
