using PruneNotebooks.Pruners;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Conformance;

static class HiPruneAdapter
{
    [Adapter("hiprune", "select")]
    static Outputs Select(GoldenCase golden)
    {
        var attention = golden["vision_attention"];
        int layers = (int)attention.shape[0], deep = golden.Int("select_layer");
        var method = new HiPrune
        {
            Alpha = golden.Double("alpha"),
            ObjectLayer = Layer.Number(golden.Int("object_layer")),
            DeepLayer = deep < 0 ? Layer.FromEnd(-deep) : Layer.Index(deep),
        };
        return Run(golden, method, Received(method.ObjectLayer), Received(method.DeepLayer), golden.Int("keep"));

        // Mean over all queries, the class token's among them; its column is cut off.
        Tensor Received(Layer layer) => attention[layer.Resolve(layers)].mean([1]).narrow(1, 1, attention.shape[3] - 1);
    }

    [Adapter("hiprune", "select_scores")]
    static Outputs SelectScores(GoldenCase golden) =>
        Run(golden, new HiPrune { Alpha = golden.Double("alpha") }, golden["object_scores"].unsqueeze(0), golden["deep_scores"].unsqueeze(0),
            golden.Number("keep") is { } keep ? (int)keep : TokenBudget.Ratio(golden.Double("ratio")));

    [Adapter("hiprune", "select_scores_qwen_compat")]
    static Outputs SelectScoresQwenCompat(GoldenCase golden) =>
        Run(golden, new HiPrune { Alpha = golden.Double("alpha"), ExcludeByMinusOne = true }, golden["object_scores"].unsqueeze(0), golden["deep_scores"].unsqueeze(0), golden.Int("budget"));

    static Outputs Run(GoldenCase golden, HiPrune method, Tensor objects, Tensor deep, TokenBudget budget)
    {
        int[] grid = golden.Ints("grid");
        var context = new PruningContext(zeros(objects.shape[1], 1), new TokenGrid(grid[0], grid[1]))
            .With(new Signal.VisionAttentionReceived(method.ObjectLayer), objects)
            .With(new Signal.VisionAttentionReceived(method.DeepLayer), deep);
        using var selection = method.Select(context, budget);
        var roles = method.Roles(context, budget);
        return new()
        {
            { "keep", selection.Kept },
            { "anchor", roles.Anchors },
            { "buffer", roles.Buffers },
            { "object_scores", roles.ObjectScores },
            { "deep_scores", roles.DeepScores },
        };
    }
}
