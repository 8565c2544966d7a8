using PruneNotebooks.Metrics;
using PruneNotebooks.Primitives;
using PruneNotebooks.Pruners;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Tests.Conformance;

static class DivPruneAdapter
{
    [Adapter("divprune", "select")]
    static Outputs Select(GoldenCase golden)
    {
        var features = golden["features"];
        using var selection = new DivPrune().Select(new PruningContext(features), golden.Double("ratio"));
        return new()
        {
            { "order", MaxMinDiversity.Choose(features, selection.Count).Order },
            { "keep", selection.Kept },
            { "min_distance", [MaxMinDiversity.SmallestDistance(features, selection.Kept)] },
        };
    }

    [Adapter("divprune", "tflops")]
    static Outputs Tflops(GoldenCase golden)
    {
        var model = new PublishedFlops(golden.Int("d"), golden.Int("m"), golden.Int("layers"));
        int visual = golden.Int("visual"), kept = TokenBudget.Ratio(golden.Double("ratio")).Resolve(visual);
        int[] prompts = golden.Ints("text_tokens");
        double[] full = [.. prompts.Select(text => model.Total(text + visual) / 1e12)];
        double[] pruned = [.. prompts.Select(text => model.Total(text + visual, text + kept, golden.Int("prune_layer")) / 1e12)];
        double[] percent = [.. pruned.Zip(full, (p, f) => 100 * p / f)];
        return new()
        {
            { "ratio_percent", percent },
            { "pruned_tflops", pruned },
            { "full_tflops", full },
            { "average", [percent.Average(), pruned.Average(), full.Average()] },
        };
    }
}
