using PruneNotebooks.Parts;
using PruneNotebooks.Primitives;
using PruneNotebooks.Pruners;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Conformance;

static class PruMergeAdapter
{
    [Adapter("prumerge", "prumerge")]
    static Outputs PruMerge(GoldenCase golden) => Select(golden, new PruMerge { Adaptive = golden.Flag("adaptive"), Neighbours = Neighbours(golden) });

    [Adapter("prumerge", "prumerge_plus")]
    static Outputs PruMergePlus(GoldenCase golden) => golden.Flag("adaptive") ? Select(golden, new PruMergePlus { Adaptive = true, Neighbours = Neighbours(golden) }) : WithRepeats(golden);

    static Outputs Select(GoldenCase golden, PruMerge method)
    {
        var context = Context(golden, method.Layer);
        int keep = method.Adaptive ? 1 : 1 + (int)(context.Tokens * golden.Double("ratio"));
        var selection = method.Select(context, keep);
        float[] scores = [.. selection.Scores!];
        long[] order = [.. selection.Order.SkipLast(1)];
        return new()
        {
            { "scores", scores },
            { "ratio", [method.Adaptive ? (double)AttentionOutliers.Count(scores) / scores.Length : golden.Double("ratio")] },
            { "order", order },
            { "keep", order.Order() },
            { "merged", selection.Features! },
        };
    }

    // The training path of the authors' code: places at fixed steps that are not compared with the top, and as many of the first others lost as places are there twice.
    static Outputs WithRepeats(GoldenCase golden)
    {
        var method = new PruMergePlus();
        var context = Context(golden, method.Layer);
        var scores = method.Parts.Score.Of(context);
        var ranking = Ranking.Of(scores);
        double ratio = golden.Double("ratio");
        int step = (int)Math.Floor(1 / ratio);
        long[] top = ranking.Top((int)(context.Tokens * ratio));
        long[] order = [.. top, .. Enumerable.Range(0, context.Tokens).Select(place => (long)place).Where(place => place >= step / 2 && (place - step / 2) % step == 0 && place < context.Tokens - 1)];
        Assert.Equal(2 * top.Length, order.Length);
        long[] keep = [.. order.Distinct().Order()];
        long[] others = new Chosen(keep).Others(context.Tokens)[(order.Length - keep.Length)..];
        var keys = golden["keys"].narrow(0, 1, context.Tokens);
        return new()
        {
            { "scores", scores },
            { "ratio", [ratio] },
            { "order", order },
            { "keep", keep },
            { "merged", cat([NeighbourSums.Add(context.Features, keys, scores, order, others, Neighbours(golden)), NeighbourSums.Of(context.Features, scores, others)]) },
        };
    }

    static int Neighbours(GoldenCase golden) => (int)(golden.Number("neighbors") ?? 32);

    static PruningContext Context(GoldenCase golden, Layer layer)
    {
        var (features, keys) = (golden["features"], golden["keys"]);
        return new PruningContext(features)
            .With(new Signal.ClsState(layer, TokenState.Query), golden["cls_query"].unsqueeze(0))
            .With(new Signal.ClsState(layer, TokenState.Key), keys.narrow(0, 0, 1))
            .With(new Signal.VisionStates(layer, TokenState.Key), keys.narrow(0, 1, features.shape[0]).unsqueeze(0));
    }
}
