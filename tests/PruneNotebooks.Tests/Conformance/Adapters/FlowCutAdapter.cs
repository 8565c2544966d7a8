using PruneNotebooks.Primitives;

namespace PruneNotebooks.Tests.Conformance;

static class FlowCutAdapter
{
    [Adapter("flowcut", "scores")]
    static Outputs Scores(GoldenCase golden)
    {
        var attention = golden["cls_attention"];
        return new()
        {
            { "scores", InformationFlow.Scores(attention, golden["semantic_attention"], golden["value"]) },
            { "prune_counts", golden.Ints("rpl_target").Chunk(2).Select(row => (long)InformationFlow.Leaving(attention, row[0], row[1])) },
        };
    }
}
