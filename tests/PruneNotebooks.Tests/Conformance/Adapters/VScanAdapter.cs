using PruneNotebooks.Parts;
using PruneNotebooks.Primitives;
using PruneNotebooks.Pruners;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Conformance;

static class VScanAdapter
{
    [Adapter("vscan", "select")]
    static Outputs Select(GoldenCase golden)
    {
        var method = new VScan { Window = golden.Int("window"), OwnWeight = golden.Number("scaling") ?? 1, Exact = false };
        var (shallow, deep) = (Attention("shallow_layer", 5), Attention("deep_layer", -2));
        var context = Context(golden)
            .With(new Signal.VisionAttention(method.ShallowLayer), shallow)
            .With(new Signal.VisionAttention(method.DeepLayer), deep);
        var outputs = Select(method, context, golden.Int("keep"));
        outputs.Add("shallow_scores", shallow.mean([0, 1]));
        outputs.Add("deep_scores", method.Parts.Score.Of(context));
        return outputs;

        Tensor Attention(string layer, int otherwise)
        {
            var all = golden.Has("cls_attention") ? golden["cls_attention"] : golden["vision_attention"].select(2, 0).narrow(2, 1, golden["features"].shape[0]);
            int index = (int)(golden.Number(layer) ?? otherwise);
            return all[index < 0 ? index + all.shape[0] : index].unsqueeze(1);
        }
    }

    [Adapter("vscan", "select_dynamic")]
    static Outputs SelectDynamic(GoldenCase golden)
    {
        var method = new VScan { Window = golden.Int("window"), OwnWeight = golden.Number("scaling") ?? 1, ClassToken = false };
        var context = Context(golden)
            .With(new Signal.VisionAttentionReceived(method.ShallowLayer), golden["local_scores"].unsqueeze(0))
            .With(new Signal.VisionAttentionReceived(method.DeepLayer), golden["global_scores"].unsqueeze(0));
        return Select(method, context, Rounding.Down.Apply(golden.Double("ratio") * context.Tokens));
    }

    [Adapter("vscan", "layer_prune")]
    static Outputs LayerPrune(GoldenCase golden)
    {
        var hidden = golden["hidden_states"];
        int length = (int)hidden.shape[0];
        var image = new VisualSpan(golden.Int("image_start"), golden.Int("image_length"));
        var row = golden.Has("last_row") ? golden["last_row"] : LastRow();
        var method = VScan.InDecoder;
        var context = new PruningContext(hidden.narrow(0, image.Start, image.Length)).With(method.Needs.Single(), row.narrow(1, image.Start, image.Length).unsqueeze(1));
        using var selection = method.Select(context, Math.Min(golden.Int("keep"), image.Length));
        long[] stays = new PromptLayout(length, [image]).SequenceKeep([selection.Kept]);
        return new()
        {
            { "last_row", row },
            { "scores", selection.Scores! },
            { "keep", selection.Kept },
            { "sequence_keep", stays },
            { "position_ids", arange(stays.Length, ScalarType.Int64) },     // Positions.Renumber
            { "hidden", hidden.index_select(0, tensor(stays)) },
        };

        Tensor LastRow()
        {
            var (query, key) = LayerWeights.Project(golden, "q_proj", "k_proj", golden.Double("norm_eps"), (int)golden["q_proj"].shape[0] / golden.Int("heads"));
            return LayerWeights.CausalAttention(query, key, [length - 1], new VisualSpan(0, length)).squeeze(1);
        }
    }

    static Outputs Select(VScan method, PruningContext context, int keep)
    {
        var selection = method.Select(context, Math.Min(keep, context.Tokens));
        var (local, global) = ((WindowsThenTopChoice)method.Parts.Choice).Split(context, Ranking.Of(method.Parts.Score.Of(context)), keep);
        return new() { { "local", local }, { "global", global }, { "keep", selection.Kept }, { "merged", selection.Features! } };
    }

    static PruningContext Context(GoldenCase golden)
    {
        int[] grid = golden.Ints("grid");
        return new PruningContext(golden["features"], new TokenGrid(grid[0], grid[1]));
    }
}
