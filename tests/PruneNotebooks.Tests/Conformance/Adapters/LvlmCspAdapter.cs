using PruneNotebooks.Primitives;
using PruneNotebooks.Pruners;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Conformance;

static class LvlmCspAdapter
{
    [Adapter("lvlm-csp", "cluster_uniform")]
    static Outputs Uniform(GoldenCase golden)
    {
        using var selection = new LvlmCsp { Representatives = Representatives.Uniform }.Select(new PruningContext(zeros(golden.Int("tokens"), 1)), golden.Int("clusters"));
        return new() { { "keep", selection.Kept } };
    }

    [Adapter("lvlm-csp", "cluster_cls")]
    static Outputs ByClassToken(GoldenCase golden)
    {
        var key = golden["key"];
        var context = new PruningContext(zeros(key.shape[1], 1))
            .With(new Signal.ClsState(Layer.Features, TokenState.Query), golden["query"].select(1, 0))
            .With(new Signal.VisionStates(Layer.Features, TokenState.Key), key);
        using var selection = new LvlmCsp().Select(context, golden.Int("clusters"));
        return new() { { "scores", selection.Scores! }, { "keep", selection.Kept } };
    }

    [Adapter("lvlm-csp", "cluster_seg")]
    static Outputs ByObjects(GoldenCase golden)
    {
        var masks = golden["masks"];
        using var selection = new LvlmCsp { Representatives = Representatives.Objects }.Select(new PruningContext(zeros(masks.shape[1], 1)).With(new Signal.ObjectMasks(), masks), golden.Int("clusters"));
        return new() { { "counts", ObjectShares.Of(masks, golden.Int("clusters")).Counts.Select(count => (long)count) }, { "keep", selection.Kept } };
    }

    [Adapter("lvlm-csp", "prune")]
    static Outputs Prune(GoldenCase golden)
    {
        int start = golden.Int("image_start"), tokens = golden.Int("image_length");
        var row = golden["attention"].narrow(1, golden.Int("row"), 1).narrow(2, start, tokens);
        using var selection = new FastV().Select(new PruningContext(zeros(tokens, 1)).With(new Signal.DecoderAttention(Layer.BeforeStage), row), golden.Int("keep"));
        return new() { { "scores", selection.Scores! }, { "keep", selection.Kept } };
    }

    [Adapter("lvlm-csp", "schedule")]
    static Outputs Schedule(GoldenCase golden)
    {
        Outputs outputs = [];
        foreach (var (i, item) in golden.Items("cases").Index())
        {
            int Int(string name) => item.GetProperty(name).GetInt32();
            var (byLayer, average) = LvlmCsp.Plan(Int("clusters"), Int("cluster_layers"), Int("scatter_layers"), Int("pruned")).VisualTokens(Int("tokens"), Int("layers"));
            outputs.Add($"tokens{i}", byLayer.Select(count => (long)count));
            outputs.Add($"average{i}", [average]);
        }
        return outputs;
    }
}
