using PruneNotebooks.Primitives;
using PruneNotebooks.Pruners;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Tests.Conformance;

static class AdaptInferAdapter
{
    [Adapter("adaptinfer", "select")]
    static Outputs Select(GoldenCase golden)
    {
        var image = new VisualSpan(golden.Int("visual_start"), golden.Int("visual_count"));
        var rows = golden.Has("text_rows") ? golden["text_rows"] : golden["attention"].narrow(1, image.End, golden["attention"].shape[1] - image.End);
        var importance = TextGuidance.Importance(rows.narrow(2, image.End, rows.shape[1]), golden.Number("lb") ?? new AdaptInfer().Guidance);
        var scores = TextGuidance.Scores(importance, rows.narrow(2, image.Start, image.Length));
        return new() { { "text_importance", importance }, { "scores", scores }, { "keep", Ranking.Of(scores).Top(Keep(golden, image.Length)).Order() } };
    }

    // Of a list of counts at least one token leaves; of a share (Qwen2-VL) at least one stays.
    static int Keep(GoldenCase golden, int arriving)
    {
        if (golden.Number("keep_ratio") is { } ratio) return Math.Max(1, Math.Min(Rounding.Down.Apply(ratio * arriving), arriving));
        int keep = golden.Number("keep") is { } count ? (int)count : AdaptInfer.Budgets[golden.Int("retained_tokens")][Array.IndexOf([1, 10, 20], golden.Int("layer"))];
        return Math.Min(keep, arriving - 1);
    }

    [Adapter("adaptinfer", "change_points")]
    static Outputs ChangePoints(GoldenCase golden)
    {
        var (tokens, layers) = ChangePoint.OfTokens(golden["layer_attention"], golden.Int("top_tokens"), golden.Int("min_segment"));
        return new() { { "top_tokens", tokens }, { "change_layer", layers } };
    }
}
