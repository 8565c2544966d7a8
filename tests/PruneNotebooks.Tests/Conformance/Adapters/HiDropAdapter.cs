using PruneNotebooks.Metrics;
using PruneNotebooks.Models;
using PruneNotebooks.Primitives;
using PruneNotebooks.Pruners;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Conformance;

static class HiDropAdapter
{
    [Adapter("hidrop", "ilvas")]
    static Outputs Ilvas(GoldenCase golden)
    {
        double[] curve = InterLayerAttention.Similarity(golden["vision_attention_last"], golden.Int("window"), golden.Int("top_k"));
        return new() { { "ilvas", curve }, { "filter_layers", InterLayerAttention.LocalMaxima(curve).Select(layer => (long)layer) } };
    }

    [Adapter("hidrop", "dtopk")]
    static Outputs DTopK(GoldenCase golden)
    {
        var ratio = tensor((float)golden.Double("a"), requires_grad: true);
        double sharpness = golden.Double("lambda");
        var mask = DifferentiableTopK.Mask(golden["scores"], ratio, sharpness);
        mask.backward([golden["upstream_grad"]]);
        return new()
        {
            { "rank", DifferentiableTopK.Rank(golden["scores"]) },
            { "soft_mask", DifferentiableTopK.SoftMask(golden["scores"], ratio, sharpness).detach() },
            { "keep", mask.detach().nonzero().flatten() },
            { "grad_a", ratio.grad!.reshape(1) },
        };
    }

    [Adapter("hidrop", "select")]
    static Outputs Select(GoldenCase golden)
    {
        var (query, key) = (golden["query"], golden["key"]);
        var method = new HiDrop();
        var context = new PruningContext(zeros(key.shape[1], 1)).With(method.Needs.Single(), Attention.Weights(query.unsqueeze(1), key));
        var selection = method.Select(context, golden.Int("keep"));
        return new() { { "scores", selection.Scores! }, { "keep", selection.Kept } };
    }

    [Adapter("hidrop", "schedule")]
    static Outputs Schedule(GoldenCase golden)
    {
        int layers = golden.Int("layers"), tokens = golden.Int("tokens"), exit = golden.Int("exit");
        var filters = golden.Numbers("filter_layers").Zip(golden.Numbers("keep"), (layer, keep) => ((int)layer, (int)keep));
        var (byLayer, average) = new HiDrop().Plan(golden.Int("inject"), [.. filters], exit < layers ? exit : null).VisualTokens(tokens, layers);
        var flops = new PublishedFlops(golden.Int("hidden"), golden.Int("ffn"), layers) { FeedForwardMatrices = 3 };
        return new()
        {
            { "tokens", byLayer.Select(count => (long)count) },
            { "tflops", new[] { flops.Total(byLayer) / 1e12 } },
            { "full_tflops", new[] { flops.Total(tokens) / 1e12 } },
            { "avg_tokens", new[] { average } },
        };
    }
}
