using PruneNotebooks.Parts;
using PruneNotebooks.Primitives;
using PruneNotebooks.Pruners;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Pruners;

public sealed class SparseVlmTests
{
    static readonly RecycledClusters Recycling = new(Share: 0.3, PerCluster: 10);

    // The authors' log says 192.03, a layer counted at what it leaves; 206.5 are computed.
    [Fact]
    public void The_papers_192_tokens_are_206_tokens()
    {
        var plan = MethodCatalogue.Find("sparsevlm").Plan(113);
        Assert.Equal([3, 7, 16], plan.Steps.Select(step => step.Stage.Layer));
        Assert.Equal([309, 204, 113], plan.Steps.Select(step => step.Budget.Resolve(576)));
        Assert.Equal(206.5, plan.VisualTokens(576, 32).Average, tolerance: 0.05);
    }

    [Theory, InlineData(192), InlineData(128), InlineData(96), InlineData(64)]
    public void Published_lists_are_budgets_that_count_merged_tokens(int name)
    {
        int arriving = 576;
        foreach (int kept in SparseVlm.Budgets[name])
        {
            int left = kept + Recycling.Merged(arriving - kept);
            Assert.Equal(left - kept, Recycling.Reserve(left, arriving));
            arriving = left;
        }
    }

    [Fact]
    public void Every_budget_from_the_fewest_merged_tokens_on_is_met_by_the_published_rule()
    {
        for (int tokens = 1; tokens <= 600; tokens += 13)
            for (int keep = 1; keep < tokens; keep++)
            {
                int merged = Recycling.Reserve(keep, tokens);
                Assert.Equal(keep < Recycling.Merged(tokens) ? keep : Recycling.Merged(tokens - (keep - merged)), merged);
            }
    }

    [Fact]
    public void Merged_tokens_are_means_behind_the_kept_ones()
    {
        var method = new SparseVlm();
        using var sample = new SampleContext(new TokenGrid(6, 6), method.Needs, seed: 4);
        using var scope = NewDisposeScope();
        using var selection = method.Select(sample.Context(), 12);
        int[] best = [.. Enumerable.Range(0, 36).OrderByDescending(i => selection.Scores![i])];
        // Of 25 that leave, 8 are merged into one.
        Assert.Equal(best[..11].Order().Select(i => (long)i), selection.Order.Take(11));
        var features = sample.Signals[new Signal.Features()];
        Assert.True(selection.Features![11].allclose(features.index_select(0, tensor([.. best[11..19].Select(i => (long)i)])).mean([0])));
        Assert.Contains((int)selection.Order[11], best[11..19]);
        Assert.True(selection.Features.narrow(0, 0, 11).equal(features.index_select(0, tensor([.. selection.Order.Take(11)]))).all().item<bool>());
    }

    [Fact]
    public void The_plus_version_merges_nothing_and_needs_places()
    {
        var method = new SparseVlm { Plus = true, Heads = 2 };
        using var sample = new SampleContext(new TokenGrid(6, 6), method.Needs, seed: 4);
        using var selection = method.Select(sample.Context(), 12);
        Assert.Null(selection.Features);
        Assert.Equal(12, selection.Count);
        Assert.NotEqual(new SparseVlm().Select(sample.Context(), 12).Scores, selection.Scores);
    }

    [Fact]
    public void The_first_releases_rank_decides_below_the_budget()
    {
        var method = new SparseVlm { Plus = true, Level = new RankLevel(Scale: 3, Bias: 1) };
        using var sample = new SampleContext(new TokenGrid(6, 6), method.Needs, seed: 4);
        using var scope = NewDisposeScope();
        int raters = TextRaters.Of(sample.Signals[new Signal.VisualEmbeddings()], sample.Signals[new Signal.TextEmbeddings()]).Tokens.Length;
        Assert.Equal(3 * raters + 1, method.Select(sample.Context(), 36).Count);
        Assert.Equal(2, method.Select(sample.Context(), 2).Count);
    }
}
