using PruneNotebooks.Primitives;
using PruneNotebooks.Pruners;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Conformance;

static class PyramidDropAdapter
{
    [Adapter("pyramiddrop", "rank_drop")]
    static Outputs RankDrop(GoldenCase golden) => Drop(golden, golden["query"], golden["key"]);

    [Adapter("pyramiddrop", "rank_drop_layer")]
    static Outputs RankDropLayer(GoldenCase golden)
    {
        var (query, key) = LayerWeights.Project(golden);
        return Drop(golden, query, key);
    }

    [Adapter("pyramiddrop", "decode_positions")]
    static Outputs DecodePositions(GoldenCase golden)
    {
        double[] before = golden.Numbers("layer_list");
        int all = golden.Int("original_visual");
        var plan = Enumerable.Range(0, before.Length).Aggregate(PruningPlan.None, (plan, i) => plan.Then(Stage.Decoder((int)before[i]), new PyramidDrop(), Budget(golden, i + 1)));
        long[] seen = [.. plan.VisualTokens(all, golden.Int("layers")).ByLayer.Select(tokens => (long)tokens)];
        return new() { { "visual_tokens", seen }, { "position_ids", seen.Select(tokens => golden.Int("position") - all + tokens) } };
    }

    static Outputs Drop(GoldenCase golden, Tensor query, Tensor key)
    {
        int stage = golden.Int("stage"), length = (int)key.shape[1];
        var hidden = golden["hidden_states"];
        var image = new VisualSpan(golden.Int("visual_start"), Budget(golden, stage).Resolve(golden.Int("original_visual")));
        long[] rows = golden.Has("labels") ? AnswerRows.Before(golden["labels"].data<long>().ToArray()) : [length - 1L];
        var visual = hidden.narrow(0, image.Start, image.Length);
        var scores = zeros(image.Length);
        IReadOnlyList<long> keep = TokenSelection.All(image.Length).Kept;
        if (rows.Length > 0)
        {
            var method = new PyramidDrop();
            var context = new PruningContext(visual).With(method.Needs.Single(), LayerWeights.CausalAttention(query, key, rows, image));
            int count = Budget(golden, stage + 1).Resolve(golden.Int("original_visual"));
            keep = method.Select(context, count == 0 ? TokenBudget.Nothing : count).Kept;
            scores = method.Parts.Score.Of(context);
        }
        var stays = tensor(new PromptLayout(length, [image]).SequenceKeep([keep]));
        var outputs = new Outputs
        {
            { "scores", scores },
            { "keep", keep },
            { "sequence_keep", stays },
            { "hidden", hidden.index_select(0, stays) },
            { "position_ids", arange(stays.shape[0], ScalarType.Int64) },      // Positions.Renumber
        };
        if (golden.Has("labels")) outputs.Add("labels", golden["labels"].index_select(0, stays));
        return outputs;
    }

    // What is left of the original tokens behind a stage; the first ratio is what there is before any.
    static TokenBudget Budget(GoldenCase golden, int stage)
    {
        int left = Rounding.Down.Apply(golden.Int("original_visual") * golden.Numbers("ratios")[stage]);
        return left == 0 ? TokenBudget.Nothing : left;
    }
}
