using PruneNotebooks.Parts;
using PruneNotebooks.Primitives;
using PruneNotebooks.Pruners;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Conformance;

static class CdPrunerAdapter
{
    [Adapter("cdpruner", "select")]
    static Outputs Select(GoldenCase golden)
    {
        var features = golden["features"];
        var relevance = Relevance(golden);
        var method = Method(golden);
        int keep = Math.Min(golden.Int("keep"), (int)features.shape[0]);
        using var selection = method.Select(new PruningContext(features).With(new Signal.EarlierScores(), relevance), keep);
        double[] quality = Quality(method, relevance);
        var choice = DeterminantalGreedy.Choose(features, quality, keep);
        return new()
        {
            { "relevance", quality },
            { "order", choice.Order },
            { "gains", choice.Gains },
            { "keep", selection.Kept },
            { "features", features.index_select(0, selection.ToTensor()) },
        };
    }

    [Adapter("cdpruner", "anyres")]
    static Outputs AnyRes(GoldenCase golden)
    {
        var features = golden["features"];
        var (crops, tokens) = ((int)features.shape[0], (int)features.shape[1]);
        int[] grid = golden.Ints("grid");
        double[] quality = Quality(Method(golden), Relevance(golden));
        int keep = Math.Min(golden.Int("keep_per_crop"), tokens);
        var kept = Enumerable.Range(0, crops).Select(crop => DeterminantalGreedy.Choose(features[crop], quality[(crop * tokens)..((crop + 1) * tokens)], keep).Order);
        long[] order = AnyResolution.RasterOrder([.. kept], new TokenGrid(grid[0], grid[1]), TokenGrid.Square(golden.Int("side")));
        return new()
        {
            { "relevance", tensor(quality).view(crops, tokens) },
            { "order", order },
            { "features", features.flatten(0, 1).index_select(0, tensor(order)) },
        };
    }

    static CdPruner Method(GoldenCase golden) => new()
    {
        Relevance = Score.Earlier,
        NegateRelevance = golden.Flag("negate_relevance", absent: true),
        Theta = golden.Number("theta"),
        Epsilon = golden.Number("relevance_eps") ?? 1e-6,
    };

    // Between CLIP's embeddings of patches and question; without a question all are as relevant.
    static Tensor Relevance(GoldenCase golden)
    {
        var patches = golden["image_embeds"].reshape(-1, golden["image_embeds"].shape[^1]);
        return golden["text_features"].shape[0] == 0 ? zeros(patches.shape[0]) : TextSimilarity.Of(patches, golden["text_features"]);
    }

    static double[] Quality(CdPruner method, Tensor relevance) =>
        ((DppChoice)method.Parts.Choice).Quality(Ranking.Of(method.NegateRelevance ? -relevance : relevance).Scores);
}
