using PruneNotebooks.Primitives;
using PruneNotebooks.Pruners;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Conformance;

static class SegPrunerAdapter
{
    [Adapter("segpruner", "select")]
    static Outputs Select(GoldenCase golden) => Select(golden, golden["xyz"]);

    [Adapter("segpruner", "back_project")]
    static Outputs BackProject(GoldenCase golden) => new() { { "xyz", Centres(golden) } };

    [Adapter("segpruner", "pipeline")]
    static Outputs Pipeline(GoldenCase golden) => Select(golden, Centres(golden));

    static Tensor Centres(GoldenCase golden) => BackProjection.PatchCentres(golden["depth"], golden["intrinsic"], golden["pose"], golden.Int("patch"));

    static Outputs Select(GoldenCase golden, Tensor centres)
    {
        var pruner = new SegPruner { Important = golden.Double("important_ratio"), SpatialWeight = golden.Double("lambda") };
        var (features, attention) = (golden["features"], golden["attention"]);
        var views = Enumerable.Range(0, (int)features.shape[0]).Select(view => pruner.Select(
            new PruningContext(features[view])
                .With(new Signal.VisionFeatures(), features[view])
                .With(new Signal.VisionAttentionReceived(Queries: Queries.Visual), attention[view])
                .With(new Signal.PatchCentres(), centres[view]),
            golden.Int("visual_token_num"))).ToList();
        return new() { { "keep", stack(views.Select(view => view.ToTensor())) }, { "scores", stack(views.Select(view => tensor(view.Scores!.ToArray()))) } };
    }
}
