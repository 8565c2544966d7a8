using PruneNotebooks.Primitives;
using PruneNotebooks.Pruners;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Tests.Conformance;

static class AgilePrunerAdapter
{
    [Adapter("agilepruner", "metrics")]
    static Outputs Metrics(GoldenCase golden) => new()
    {
        { "erank", [EffectiveRank.Of(golden["features"])] },
        { "erank_centered", [EffectiveRank.Of(golden["features"], centred: true)] },
        { "attention_entropy", AttentionEntropy.Of(golden["cls_attention"]).reshape(1) },
    };

    [Adapter("agilepruner", "select")]
    static Outputs Select(GoldenCase golden)
    {
        var method = new AgilePruner { AverageRank = golden.Double("erank_avg"), MostDistance = golden.Number("tau_max") ?? double.PositiveInfinity, Step = golden.Number("step") ?? 0.01 };
        var context = new PruningContext(golden["features"]).With(new Signal.VisionAttention(), golden["cls_attention"].reshape(1, 1, -1));
        var walk = method.Order(context, golden.Int("budget"));
        return new()
        {
            { "erank", [EffectiveRank.Of(golden["features"])] },
            { "tau", walk.Thresholds },
            { "order", walk.Order },
            { "keep", method.Select(context, golden.Int("budget")).Kept },
            { "filled", new long[] { walk.Filled } },
        };
    }
}
