using PruneNotebooks.Metrics;
using PruneNotebooks.Primitives;
using PruneNotebooks.Pruners;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Conformance;

static class AttentionDebiasAdapter
{
    [Adapter("attention-debias", "fit_trend")]
    static Outputs FitTrend(GoldenCase golden)
    {
        var bias = AttentionBias.Fit(golden["attention_samples"]);
        return new()
        {
            { "mu", [bias.Level] },
            { "sigma", [bias.Sigma!.Value] },
            { "weight", bias.Trend.Weights(bias.Mean.Length) },
            { "debiased_mean", bias.Debiased },
        };
    }

    [Adapter("attention-debias", "pad_mask")]
    static Outputs PadMask(GoldenCase golden)
    {
        int[] sizes = golden.Ints("sizes");
        double[] sides = golden.Numbers("grid"), thresholds = golden.Numbers("threshold");
        var outputs = new Outputs();
        for (int i = 0; i < sides.Length; i++)
        {
            int width = sizes[2 * i], height = sizes[2 * i + 1], side = (int)sides[i];
            outputs.Add($"mask_{i}", Flags(PaddingMask.ByOverlap(width, height, side, thresholds[i], golden.Int("patch"))).reshape(side, side));
            outputs.Add($"unpad_{i}", Flags(PaddingMask.ByRows(width, height, side)).reshape(side, side));
        }
        return outputs;
    }

    [Adapter("attention-debias", "select")]
    static Outputs Select(GoldenCase golden)
    {
        int start = golden.Int("sys_len"), tokens = golden.Int("image_len"), side = golden.Int("grid"), width = golden.Ints("size")[0], height = golden.Ints("size")[1];
        var fastV = new FastV();
        var method = golden.Text("mode") switch
        {
            "after" => new Debiased(fastV, new PositionTrend.Given([.. golden["weight"].data<float>().ToArray().Select(weight => (double)weight)]))
            {
                Padding = PaddingMask.ByOverlap(width, height, side, golden.Double("pad_threshold"), golden.Int("patch")),
            },
            "before" => new Debiased(fastV) { Padding = PaddingMask.ByRows(width, height, side) },
            _ => new Debiased(fastV),
        };
        var lastRow = golden.Has("last_row") ? golden["last_row"] : golden["attention"].select(1, -1);
        var context = new PruningContext(zeros(tokens, 1)).With(new Signal.DecoderAttention(Layer.BeforeStage), lastRow.narrow(1, start, tokens).unsqueeze(1));
        using var selection = method.Select(context, golden.Int("keep"));
        return new()
        {
            { "keep", selection.Kept },
            { "mask", method.Padding is { } padding ? Flags(padding) : ones(tokens, ScalarType.Int64) },
            { "scores", selection.Scores! },
        };
    }

    static Tensor Flags(PaddingMask mask) => tensor([.. mask.Real.Select(real => real ? 1L : 0)], ScalarType.Int64);
}
