using PruneNotebooks.Primitives;
using PruneNotebooks.Pruners;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Tests.Conformance;

static class ToDreAdapter
{
    [Adapter("todre", "select")]
    static Outputs Select(GoldenCase golden)
    {
        var features = golden["features"];
        var attention = golden["cls_attention"].reshape(1, 1, -1);
        using var selection = new ToDre().Select(new PruningContext(features).With(new Signal.VisionAttention(Layer.Last), attention), golden.Int("budget"));
        long pivot = Ranking.Of(attention.flatten()).Order[0];
        return new()
        {
            { "pivot", new[] { pivot } },
            { "order", MaxSumDiversity.Choose(features, selection.Count, pivot) },
            { "keep", selection.Kept },
        };
    }

    [Adapter("todre", "relevance")]
    static Outputs Relevance(GoldenCase golden)
    {
        var attention = golden["attention"];
        var image = new VisualSpan(golden.Int("system"), golden.Int("visual"));
        var text = new VisualSpan(image.End, golden.Int("text"));
        double textToVision = CrossModalShare.Of(attention, text, image), visionToText = CrossModalShare.Of(attention, image, text), tau = golden.Number("tau") ?? 0.10;
        bool leave = textToVision < tau && visionToText < tau;
        if (visionToText == 0)
        {
            // What the pruner sees of a causal decoder.
            var received = attention.narrow(1, text.Start, text.Length).mean([1]).narrow(1, image.Start, image.Length);
            var pruner = new ToDreWithdrawal { Threshold = tau };
            using var selection = pruner.Select(new PruningContext(received.t()).With(pruner.Needs.Single(), received), TokenBudget.All);
            Assert.Equal(leave ? 0 : image.Length, selection.Count);
        }
        return new()
        {
            { "text_to_vision", [textToVision] },
            { "vision_to_text", [visionToText] },
            { "drop_all", new[] { leave ? 1L : 0 } },
        };
    }
}
