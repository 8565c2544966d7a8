using PruneNotebooks.Pruners;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Conformance;

static class CatpAdapter
{
    [Adapter("catp", "stage1")]
    static Outputs First(GoldenCase golden)
    {
        var features = golden["features"];
        int keep = Rounding.Down.Apply(features.shape[0] * (1 - golden.Double("R") / 2));
        var context = new PruningContext(features).With(new Signal.PairedText(), golden["text_features"]);
        var pruner = new Catp { Alignment = golden.Double("lambda1") };
        using var selection = pruner.Select(context, keep);
        var order = pruner.Order(context, keep);
        return new() { { "order", order.Order }, { "keep", selection.Kept }, { "alignment", selection.Scores! }, { "objective", (float[])[(float)order.Gains.Sum()] } };
    }

    // The demonstrations' tokens as one picture, the query sample as another without text of its own.
    [Adapter("catp", "context")]
    static Outputs Context(GoldenCase golden)
    {
        var (hidden, attention, tokens) = (golden["hidden"], golden["attention"], golden["context_index"]);
        var demonstrations = WithText(hidden.index_select(0, tokens), hidden)
            .With(new Signal.DecoderAttention(Layer.BeforeStageBy(2)), Attention(0))
            .With(new Signal.DecoderAttention(Layer.BeforeStage), Attention(1));
        var selection = new Catp { Likeness = golden.Double("lambda2") }.Context.SelectJointly([demonstrations, WithText(hidden.index_select(0, golden["query_index"]), hidden)], golden.Int("keep"))[0];
        return new() { { "scores", selection.Scores! }, { "keep", tokens.index_select(0, selection.ToTensor()).sort().Values } };

        Tensor Attention(int layer) => attention[layer].index_select(1, tokens).unsqueeze(1);
    }

    [Adapter("catp", "query")]
    static Outputs Query(GoldenCase golden)
    {
        var (hidden, tokens) = (golden["hidden"], golden["query_index"]);
        var selection = new Catp().Query.SelectJointly([WithText(hidden.index_select(0, golden["context_index"]), hidden), WithText(hidden.index_select(0, tokens), hidden)], golden.Int("keep"))[1];
        return new() { { "scores", selection.Scores! }, { "keep", tokens.index_select(0, selection.ToTensor()).sort().Values } };
    }

    static PruningContext WithText(Tensor tokens, Tensor hidden) => new PruningContext(tokens).With(new Signal.PairedText(), hidden.narrow(0, 0, 0));
}
