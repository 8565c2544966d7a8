using PruneNotebooks.Parts;
using PruneNotebooks.Primitives;
using PruneNotebooks.Pruners;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Tests.Conformance;

static class HoloVAdapter
{
    [Adapter("holov", "select")]
    static Outputs Select(GoldenCase golden)
    {
        var method = new HoloV
        {
            Crops = golden.Int("crops"),
            Alpha = golden.Number("alpha") ?? 0.09,
            Tau = golden.Number("tau") ?? 1,
            Redistribute = golden.Word("overflow") == "redistribute",
            Holistic = golden.Word("rank") == "holistic",
        };
        var features = golden["features"];
        var attention = golden["cls_attention"].view(-1, 1, features.shape[0]);
        var context = new PruningContext(features).With(new Signal.VisionAttention(), attention);
        int keep = golden.Int("keep");
        using var selection = method.Select(context, keep);
        var (choice, ranking) = ((CropChoice)method.Parts.Choice, Ranking.ByAttention(attention));
        var quotas = choice.Quotas(context, ranking, keep);
        int real = choice.Pick(context, ranking, keep).Order.Count;
        return new()
        {
            // Tokens of zeros stand for no place.
            { "order", selection.Order.Select((token, i) => i < real ? token : -1) },
            { "features", (selection.Features ?? features.index_select(0, selection.ToTensor())).clone() },
            { "allocated", quotas.Counts.Select(count => (long)count) },
            { "crop_weights", quotas.Weights },
        };
    }
}
