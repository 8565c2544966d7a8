using PruneNotebooks.Primitives;
using PruneNotebooks.Pruners;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Conformance;

static class MmTokAdapter
{
    [Adapter("mmtok", "select")]
    static Outputs Select(GoldenCase golden)
    {
        var (features, keep) = (golden["features"], golden.Int("keep"));
        int tokens = (int)features.shape[0];
        // Any mask of places can be excluded here, not only that of padding: the primitive takes it.
        long[] excluded = golden.Has("exclude") ? golden["exclude"].data<long>().ToArray() : [];
        var pruner = new MmTok { Alpha = golden.Double("alpha"), TextTemperature = golden.Double("tv_temperature"), VisionTemperature = golden.Double("vv_temperature") };
        if (tokens <= keep || excluded.Length == 0)
        {
            var context = new PruningContext(features).With(new Signal.VisionFeatures(), golden["vision_features"]).With(new Signal.KeywordFeatures(), golden["text_features"]);
            using var selection = pruner.Select(context, Math.Min(keep, tokens));
            return Of(features, pruner.Order(context, Math.Min(keep, tokens)), selection.Kept);
        }
        var coverage = MultimodalCoverage.Choose(features, golden["vision_features"], golden["text_features"], Math.Min(keep, tokens - excluded.Length), pruner.Alpha, pruner.TextTemperature, pruner.VisionTemperature, excluded);
        return Of(features, coverage, coverage.Order.Order());
    }

    [Adapter("mmtok", "keywords")]
    static Outputs Keywords(GoldenCase golden) => new() { { "text", ContentWords.Of(golden.Text("question")).EnumerateRunes().Select(rune => (long)rune.Value) } };

    // A tall picture's padding is listed column by column.
    [Adapter("mmtok", "padding")]
    static Outputs Padding(GoldenCase golden)
    {
        int patch = (int)(golden.Number("patch_size") ?? 14), side = (int)(golden.Number("target_size") ?? 336) / patch;
        var mask = PaddingMask.ByPatches(golden.Int("width"), golden.Int("height"), side, patch, golden.Flag("include_overlap"));
        bool tall = golden.Int("height") > golden.Int("width");
        return new() { { "indices", Enumerable.Range(0, mask.Grid.Count).Where(token => !mask.Real[token]).OrderBy(token => tall ? mask.Grid.Column(token) : 0).Select(token => (long)token) } };
    }

    static Outputs Of(Tensor features, Coverage coverage, IEnumerable<long> kept) => new()
    {
        { "order", coverage.Order },
        { "gain", tensor(coverage.Gains).to_type(ScalarType.Float32) },
        { "coverage", (float[])[coverage.Covered.Sum()] },
        { "keep", kept },
        { "features", features.index_select(0, tensor(kept.ToArray(), ScalarType.Int64)) },
    };
}
