using CsCheck;
using PruneNotebooks.Pruners;
using PruneNotebooks.Tokens;
using TorchSharp;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Pruners;

/// <summary>What holds for every method of the catalogue, on grids of any shape and at any budget.</summary>
public sealed class EveryMethodTests
{
    static IEnumerable<PruningMethod> OnTokens => MethodCatalogue.All.Where(method => method.Stage != Stage.Picture);

    public static TheoryData<string> Slugs => [.. OnTokens.Select(method => method.Slug)];

    static readonly Gen<(TokenGrid Grid, int Keep, ulong Seed)> Cases =
        from height in Gen.Int[1, 12]
        from width in Gen.Int[1, 12]
        from keep in Gen.Int[1, height * width]
        from seed in Gen.ULong
        select (new TokenGrid(height, width), keep, seed);

    static long LiveTensors => DisposeScopeManager.Statistics.TensorStatistics.ThreadTotalLiveCount;

    [Theory, MemberData(nameof(Slugs))]
    public void The_budget_is_met_with_ascending_tokens_again_and_again_and_nothing_else_happens(string slug) => Cases.Sample(c =>
    {
        var method = MethodCatalogue.Create(slug);
        using var sample = new SampleContext(c.Grid, method.Needs, c.Seed);
        var before = sample.Signals.Values.Select(Bytes).ToArray();
        long live = LiveTensors;
        using (var selection = method.Select(sample.Context(), c.Keep))
        using (var again = method.Select(sample.Context(), c.Keep))
        {
            if (MethodCatalogue.Find(slug).Counting is null) Assert.Equal(c.Keep, selection.Count);
            Assert.Equal(selection.Kept.Distinct().Order(), selection.Kept);
            Assert.All(selection.Kept, token => Assert.InRange(token, 0, c.Grid.Count - 1));
            Assert.Equal(selection.Kept, again.Kept);
            Assert.Equal(selection.Scores, again.Scores);
        }
        Assert.Equal(live, LiveTensors);
        Assert.Equal(before, sample.Signals.Values.Select(Bytes));
    }, iter: 40, threads: 1);

    [Theory, MemberData(nameof(Slugs))]
    public void A_signal_that_is_not_finite_is_refused_with_the_token(string slug)
    {
        var method = MethodCatalogue.Create(slug);
        foreach (float bad in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity })
            foreach (var signal in method.Needs.Where(signal => signal.TokenAxis is not null))
            {
                using var sample = new SampleContext(new TokenGrid(5, 7), method.Needs, seed: 1);
                sample.Signals[signal].select(signal.TokenAxis!.Value, 17).fill_(bad);
                string message = Assert.ThrowsAny<ArgumentException>(() => method.Select(sample.Context(), 9)).Message;
                Assert.Contains("token 17", message, StringComparison.Ordinal);
            }
    }

    [Theory, MemberData(nameof(Slugs))]
    public void A_missing_signal_is_named(string slug)
    {
        var method = MethodCatalogue.Create(slug);
        using var sample = new SampleContext(new TokenGrid(5, 7), Signals.None, seed: 1);
        if (method.Needs.All(signal => signal is Signal.Features)) return;
        var error = Assert.Throws<MissingSignalException>(() => method.Select(sample.Context(), 9));
        Assert.Contains(error.Signal, method.Needs);
        Assert.Contains(error.Signal.Description, error.Message, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Slugs))]
    public void Nothing_all_and_too_many_are_what_they_say(string slug)
    {
        var method = MethodCatalogue.Create(slug);
        using var sample = new SampleContext(new TokenGrid(5, 7), method.Needs, seed: 1);
        Assert.Empty(method.Select(sample.Context(), TokenBudget.Nothing).Kept);
        Assert.Equal(35, method.Select(sample.Context(), TokenBudget.All).Count);
        Assert.Contains("only 35 arrive", Assert.Throws<ArgumentOutOfRangeException>(() => method.Select(sample.Context(), 36)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Ten_thousand_selections_leave_no_tensor()
    {
        var methods = OnTokens.Select(row => row.Create()).ToArray();
        long live = LiveTensors;
        foreach (var method in methods)
        {
            using var sample = new SampleContext(new TokenGrid(3, 4), method.Needs, seed: 1);
            var context = sample.Context();
            for (int i = 0; i < 10_000 / methods.Length; i++)
                using (method.Select(context, 1 + i % 12)) { }
        }
        Assert.Equal(live, LiveTensors);
    }

    static byte[] Bytes(Tensor tensor) => tensor.bytes.ToArray();
}
