using PruneNotebooks.Primitives;
using PruneNotebooks.Pruners;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Pruners;

public sealed class DebiasedTests
{
    static readonly Signal LastRow = new Signal.DecoderAttention(Layer.BeforeStage);

    public static TheoryData<string> AttentionMethods => [.. MethodCatalogue.All.Where(row => row.Needs.Any(signal => signal is Signal.Attention)).Select(row => row.Slug)];

    static PruningContext Context(float[] attention, TokenGrid? grid = null, long[]? places = null) =>
        new PruningContext(zeros(attention.Length, 1), grid, places).With(LastRow, tensor(attention).reshape(1, 1, -1));

    [Theory, MemberData(nameof(AttentionMethods))]
    public void Without_trend_and_padding_the_method_is_the_same(string slug)
    {
        var method = MethodCatalogue.Create(slug);
        using var sample = new SampleContext(new TokenGrid(6, 6), method.Needs, seed: 4);
        using var expected = method.Select(sample.Context(), 14);
        using var actual = new Debiased(method) { Padding = PaddingMask.ByOverlap(10, 10, 6) }.Select(sample.Context(), 14);
        Assert.Equal(expected.Kept, actual.Kept);
        Assert.Equal(expected.Scores, actual.Scores);
    }

    [Fact]
    public void Attention_is_divided_by_the_trend()
    {
        using var scope = NewDisposeScope();
        var trend = new PositionTrend.Exponential(2);
        float[] flat = [3, 1, 2, 4], biased = [.. flat.Select((a, i) => a * (float)trend.At(i / 4.0))];
        using var selection = new Debiased(new FastV(), trend).Select(Context(biased), 2);
        Assert.Equal([0, 3], selection.Kept);
        foreach (var (expected, actual) in flat.Zip(selection.Scores!)) Assert.Equal(expected, actual, tolerance: 1e-5f);
    }

    [Fact]
    public void Padding_is_never_kept_and_the_budget_shrinks_to_what_shows_the_picture()
    {
        using var scope = NewDisposeScope();
        var context = Context([.. Enumerable.Range(0, 16).Select(i => 16f - i)], TokenGrid.Square(4));
        var method = new Debiased(new FastV()) { Padding = PaddingMask.ByOverlap(200, 100, 4) };
        Assert.Equal([4, 5, 6], method.Select(context, 3).Kept);
        Assert.Equal([4, 5, 6, 7, 8, 9, 10, 11], method.Select(context, 12).Kept);
        Assert.Equal([0, 1, 4, 5, 6, 7, 8, 9, 10, 11], (method with { KeepNoPadding = false }).Select(context, 10).Kept);
        Assert.Empty(method.Select(context, TokenBudget.Nothing).Kept);
    }

    [Fact]
    public void Tokens_that_stayed_after_an_earlier_stage_keep_their_places()
    {
        using var scope = NewDisposeScope();
        var context = Context([1, 1, 1, 1], TokenGrid.Square(4), [0, 5, 10, 15]);
        Assert.Equal([1, 2], new Debiased(new FastV()) { Padding = PaddingMask.ByOverlap(200, 100, 4) }.Select(context, 4).Kept);
        Assert.Equal([2, 3], new Debiased(new FastV(), new PositionTrend.Exponential(-1)).Select(context, 2).Kept);
        Assert.Contains("give the context the grid", Assert.Throws<InvalidOperationException>(() => new Debiased(new FastV()).Select(Context([1, 1], null, [0, 3]), 1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_debiased_is_refused()
    {
        using var scope = NewDisposeScope();
        Assert.Contains("nothing to debias", Assert.Throws<ArgumentException>(() => new Debiased(new DivPrune())).Message, StringComparison.Ordinal);
        var context = Context([.. Enumerable.Repeat(1f, 16)], TokenGrid.Square(4));
        Assert.Contains("for 9 tokens, but the image has 16", Assert.Throws<ArgumentException>(() => new Debiased(new FastV()) { Padding = PaddingMask.ByOverlap(1, 1, 3) }.Select(context, 1)).Message, StringComparison.Ordinal);
        Assert.Contains("raise its threshold", Assert.Throws<ArgumentException>(() => new Debiased(new FastV()) { Padding = PaddingMask.ByOverlap(1000, 1, 4) }.Select(context, 1)).Message, StringComparison.Ordinal);
    }
}
