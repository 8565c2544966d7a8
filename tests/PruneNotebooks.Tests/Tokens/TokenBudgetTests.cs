using PruneNotebooks.Tokens;

namespace PruneNotebooks.Tests.Tokens;

public sealed class TokenBudgetTests
{
    [Theory]
    [InlineData(0.1, 25, Rounding.HalfToEven, 2)]
    [InlineData(0.1, 25, Rounding.HalfUp, 3)]
    [InlineData(0.1, 25, Rounding.Up, 3)]
    [InlineData(0.1, 29, Rounding.Down, 2)]
    [InlineData(0.001, 144, Rounding.HalfToEven, 1)]
    [InlineData(1.0, 144, Rounding.Down, 144)]
    public void A_ratio_becomes_a_count_by_its_rounding_rule_and_keeps_at_least_one(double ratio, int tokens, Rounding rounding, int expected) =>
        Assert.Equal(expected, TokenBudget.Ratio(ratio, rounding).Resolve(tokens));

    [Theory]
    [InlineData(9)]
    [InlineData(0)]
    [InlineData(-0.5)]
    [InlineData(double.NaN)]
    public void A_ratio_that_is_no_fraction_is_refused_by_name_value_and_range(double ratio)
    {
        var error = Assert.Throws<ArgumentOutOfRangeException>(() => TokenBudget.Ratio(ratio));
        Assert.Equal("kept", error.ParamName);
        Assert.Contains("above 0 and at most 1", error.Message, StringComparison.Ordinal);
        Assert.Equal(ratio, error.ActualValue);
    }

    [Fact]
    public void Keeping_no_token_must_be_said_on_purpose()
    {
        Assert.Contains("TokenBudget.Nothing", Assert.Throws<ArgumentOutOfRangeException>(() => TokenBudget.Count(0)).Message, StringComparison.Ordinal);
        Assert.Equal(0, TokenBudget.Nothing.Resolve(144));
    }

    [Fact]
    public void More_tokens_than_arrive_are_refused() =>
        Assert.Contains("only 144 arrive", Assert.Throws<ArgumentOutOfRangeException>(() => TokenBudget.Count(200).Resolve(144)).Message, StringComparison.Ordinal);

    [Fact]
    public void The_mean_over_the_layers_is_met_up_to_one_token()
    {
        foreach (double average in new[] { 192, 128, 64, 37.0 })
        {
            int count = TokenBudget.ForAverage(average, 576, 32, 2).Resolve(576);
            Assert.InRange(average - (2 * 576 + 30 * count) / 32.0, 0, 30.0 / 32);
        }
        Assert.Equal(576, TokenBudget.ForAverage(576, 576, 32, 2).Resolve(576));
        Assert.Contains("averages from 36.94 to 576", Assert.Throws<ArgumentException>(() => TokenBudget.ForAverage(30, 576, 32, 2)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => TokenBudget.ForAverage(64, 576, 32, 32));
    }
}
