using PruneNotebooks.Parts;
using PruneNotebooks.Primitives;
using PruneNotebooks.Pruners;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Tests.Conformance;

static class IdPrunerAdapter
{
    [Adapter("idpruner", "select")]
    static Outputs Select(GoldenCase golden)
    {
        var (features, importance) = (golden["features"], golden["importance"]);
        double ratio = golden.Double("ratio");
        int tokens = (int)features.shape[0], before = golden.Int("visual_start");
        var budget = ratio < 1 ? TokenBudget.Ratio(1 - ratio) : TokenBudget.Nothing;
        var method = new IdPruner { Importance = Score.Earlier, Lambda = golden.Double("mmr_lambda"), AtOnce = golden.Int("parallel_k") };
        using var selection = method.Select(new PruningContext(features).With(new Signal.EarlierScores(), importance), budget);
        long[] mask = new long[before + tokens + golden.Int("text_after")];
        for (int i = 0; i < mask.Length; i++) mask[i] = i < before || i >= before + tokens || selection.Kept.Contains(i - before) ? 1 : 0;
        float[] stretched = Ranking.Of(Score.Earlier.MinMax(golden.Number("importance_eps") ?? 1e-6).Of(new PruningContext(features).With(new Signal.EarlierScores(), importance))).Scores;
        return new()
        {
            { "importance", stretched },
            { "order", MarginalRelevance.Choose(features, stretched, selection.Count, method.Lambda, method.AtOnce) },
            { "keep", selection.Kept },
            { "keep_mask_sequence", mask },
        };
    }

    [Adapter("idpruner", "soft_topk")]
    static Outputs Soften(GoldenCase golden) => new() { { "weights", SoftTopK.Weights(golden["importance"], golden.Double("ratio"), (int)(golden.Number("iterations") ?? 64)) } };
}
