using PruneNotebooks.Parts;
using PruneNotebooks.Primitives;
using PruneNotebooks.Pruners;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Conformance;

static class ScopeAdapter
{
    [Adapter("scope", "select")]
    static Outputs Select(GoldenCase golden)
    {
        var context = Context(golden["features"], golden["cls_attention"]);
        var budget = Budget(golden.Int("keep"));
        using var selection = Method(golden).Select(context, budget);
        var coverage = Method(golden).Order(context, budget);
        return new()
        {
            { "scores", selection.Scores! },
            { "order", coverage.Order },
            { "keep", selection.Kept },
            { "gains", coverage.Gains },
            { "coverage", [coverage.Mean] },
        };
    }

    [Adapter("scope", "anyres")]
    static Outputs AnyRes(GoldenCase golden)
    {
        var (features, attention) = (golden["features"], golden["cls_attention"]);
        int[] grid = golden.Ints("grid");
        int crops = (int)features.shape[0];
        var budget = Budget(golden.Int("keep") / crops);
        var kept = Enumerable.Range(0, crops).Select(crop => Method(golden).Select(Context(features[crop], attention[crop]), budget).Kept);
        long[] order = AnyResolution.RasterOrder([.. kept], new TokenGrid(grid[0], grid[1]), TokenGrid.Square(golden.Int("side")));
        return new() { { "order", order }, { "features", features.flatten(0, 1).index_select(0, tensor(order)) } };
    }

    static TokenBudget Budget(int keep) => keep == 0 ? TokenBudget.Nothing : keep;

    static Scope Method(GoldenCase golden) => new() { Alpha = golden.Number("alpha") ?? 1, Combine = golden.Text("combine") == "add" ? Combine.Add : Combine.Multiply };

    static PruningContext Context(Tensor features, Tensor attention) =>
        new PruningContext(features).With(new Signal.VisionFeatures(), features).With(new Signal.VisionAttention(), attention.unsqueeze(1));
}
