using PruneNotebooks.Parts;
using PruneNotebooks.Primitives;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Conformance;

static class ZooPruneAdapter
{
    [Adapter("zoo-prune", "select")]
    static Outputs Select(GoldenCase golden)
    {
        var features = golden["features"];
        var projected = Project(features);
        var scores = ProjectorSensitivity.Of(features, Project, golden["directions"], golden.Double("h"));
        var (_, order, keep) = Choice(projected, scores, (int)(golden.Double("ratio") * features.shape[0]));
        return new() { { "projected", projected }, { "scores", scores }, { "order", order }, { "keep", keep } };

        Tensor Project(Tensor tower) => nn.functional.linear(nn.functional.gelu(nn.functional.linear(tower, golden["projector.w1"], golden["projector.b1"])), golden["projector.w2"], golden["projector.b2"]);
    }

    [Adapter("zoo-prune", "sads")]
    static Outputs Sads(GoldenCase golden)
    {
        var (weights, order, keep) = Choice(golden["features"], golden["scores"], golden.Int("budget"));
        return new() { { "weights", weights }, { "order", order }, { "keep", keep } };
    }

    static (float[] Weights, long[] Order, IReadOnlyList<long> Keep) Choice(Tensor features, Tensor scores, int count)
    {
        using var selection = Score.Earlier.Then(Choose.WeightedMaxMin()).Select(new PruningContext(features).With(new Signal.EarlierScores(), scores), count == 0 ? TokenBudget.Nothing : count);
        float[] weights = WeightedMaxMin.Weights(Ranking.Of(scores).Scores);
        return (weights, WeightedMaxMin.Choose(features, weights, count), selection.Kept);
    }
}
