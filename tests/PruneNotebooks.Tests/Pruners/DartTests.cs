using CsCheck;
using PruneNotebooks.Pruners;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Tests.Pruners;

public sealed class DartTests
{
    [Theory]
    [InlineData(64, 68)]
    [InlineData(32, 36)]
    [InlineData(8, 12)]
    [InlineData(7, 4)]
    [InlineData(144, 144)]
    public void The_published_count_is_pivots_and_whole_multiples_of_them(int budget, int kept)
    {
        var method = new Dart { Shares = PivotShares.Published };
        using var sample = new SampleContext(TokenGrid.Square(12), method.Needs, seed: 1);
        Assert.Equal(kept, method.Select(sample.Context(), budget).Count);
    }

    [Fact]
    public void Without_text_pivots_the_question_does_not_matter_and_is_not_asked_for()
    {
        var method = new Dart { TextPivots = 0 };
        Assert.DoesNotContain(method.Needs, signal => signal is Signal.TextStates);
        using var sample = new SampleContext(TokenGrid.Square(6), method.Needs, seed: 1);
        Assert.Equal(9, method.Select(sample.Context(), 9).Count);
        Assert.Contains("Someone must choose", Assert.Throws<ArgumentException>(() => new Dart { TextPivots = 0, ImagePivots = 0 }.Select(sample.Context(), 9)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_count_of_pivots_meets_any_budget() => (from image in Gen.Int[1, 9] from text in Gen.Int[0, 9] from keep in Gen.Int[1, 35] select (image, text, keep)).Sample(c =>
    {
        foreach (var order in new[] { PivotOrder.Set, PivotOrder.Norm })
        {
            var method = new Dart { ImagePivots = c.image, TextPivots = c.text, Order = order };
            using var sample = new SampleContext(new TokenGrid(5, 7), method.Needs, seed: 2);
            Assert.Equal(c.keep, method.Select(sample.Context(), c.keep).Count);
        }
    }, iter: 60, threads: 1);
}
