using PruneNotebooks.Primitives;
using PruneNotebooks.Pruners;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Conformance;

static class VisPrunerAdapter
{
    [Adapter("vispruner", "select")]
    static Outputs Select(GoldenCase golden)
    {
        var (features, attention, method) = (golden["features"], golden["cls_attention"], Method(golden));
        int keep = Math.Min(golden.Int("keep"), (int)features.shape[0]);
        var context = Context(features, attention);
        using var selection = method.Select(context, keep);
        var order = method.Parts.Choice.Pick(context, Ranking.Of(tensor([.. selection.Scores!])), keep).Order;
        int important = Math.Min((int)(golden.Int("keep") * method.ImportantShare), order.Count);
        return new()
        {
            { "scores", selection.Scores! },
            { "important", order.Take(important) },
            { "diverse", order.Skip(important) },
            { "keep", selection.Kept },
            { "features", features.index_select(0, selection.ToTensor()) },
        };
    }

    [Adapter("vispruner", "anyres")]
    static Outputs AnyRes(GoldenCase golden)
    {
        var (features, attention) = (golden["features"], golden["cls_attention"]);
        int[] grid = golden.Ints("grid");
        var kept = Enumerable.Range(0, (int)features.shape[0]).Select(crop => Method(golden).Select(Context(features[crop], attention[crop]), golden.Int("keep_per_crop")).Kept);
        long[] order = AnyResolution.RasterOrder([.. kept], new TokenGrid(grid[0], grid[1]), TokenGrid.Square(golden.Int("side")));
        return new() { { "order", order }, { "features", features.flatten(0, 1).index_select(0, tensor(order)) } };
    }

    static VisPruner Method(GoldenCase golden) => new() { ImportantShare = golden.Number("important_ratio") ?? 0.5, RemovedPerRound = (int)(golden.Number("remove_per_round") ?? 8) };

    static PruningContext Context(Tensor features, Tensor attention) => new PruningContext(features).With(new Signal.VisionAttention(), attention.unsqueeze(1));
}
