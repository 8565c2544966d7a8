using PruneNotebooks.Primitives;
using PruneNotebooks.Pruners;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Conformance;

static class FasterVlmAdapter
{
    [Adapter("fastervlm", "select")]
    static Outputs Select(GoldenCase golden)
    {
        using var selection = Select(golden["features"], golden["cls_attention"], golden.Int("keep"));
        return new()
        {
            { "scores", selection.Scores! },
            { "keep", selection.Kept },
            { "features", golden["features"].index_select(0, selection.ToTensor()) },
        };
    }

    [Adapter("fastervlm", "anyres")]
    static Outputs AnyRes(GoldenCase golden)
    {
        var (features, attention) = (golden["features"], golden["cls_attention"]);
        int[] grid = golden.Ints("grid");
        var kept = Enumerable.Range(0, (int)features.shape[0]).Select(crop => Select(features[crop], attention[crop], golden.Int("keep_per_crop")).Kept);
        long[] order = AnyResolution.RasterOrder([.. kept], new TokenGrid(grid[0], grid[1]), TokenGrid.Square(golden.Int("side")));
        return new() { { "order", order }, { "features", features.flatten(0, 1).index_select(0, tensor(order)) } };
    }

    static TokenSelection Select(Tensor features, Tensor attention, int keep) =>
        new FasterVlm().Select(new PruningContext(features).With(new Signal.VisionAttention(), attention.unsqueeze(1)), keep);
}
