using PruneNotebooks.Primitives;
using PruneNotebooks.Pruners;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Conformance;

static class TransPruneAdapter
{
    [Adapter("transprune", "ttv")]
    static Outputs Transition(GoldenCase golden)
    {
        var attention = TokenTransition.Of(golden["attn_in"], golden["attn_out"]);
        var feedForward = TokenTransition.Of(golden["ffn_in"], golden["ffn_out"]);
        return new() { { "ttv_attention", attention }, { "ttv_ffn", feedForward }, { "ttv", attention + feedForward } };
    }

    [Adapter("transprune", "rank_drop")]
    static Outputs RankDrop(GoldenCase golden)
    {
        var transition = golden["ttv"];
        int stage = golden.Int("stage"), layers = (int)transition.shape[0];
        var image = new VisualSpan(golden.Int("visual_start"), Left(stage));
        var question = Enumerable.Range(image.End, golden.Int("prompt_len_without_visual") - image.Start).Select(row => (long)row);
        var attention = LayerWeights.CausalAttention(golden["query"], golden["key"], question, image).mean([1]);

        var method = new TransPrune { Layers = layers };
        var context = new PruningContext(zeros(image.Length, 1)).With(new Signal.DecoderAttentionReceived(Layer.AtStage, Queries.Text), attention);
        // The file has attention and feed-forward part added up, the last layer last.
        for (int i = 0; i < layers; i++)
        {
            var ofLayer = transition[i].narrow(0, image.Start, image.Length);
            context.With(new Signal.DecoderTransition(Layer.BeforeStageBy(layers - i)), stack([ofLayer, zeros_like(ofLayer)]));
        }
        int keep = Left(stage + 1);
        var kept = method.Select(context, keep == 0 ? TokenBudget.Nothing : keep).Kept;
        long[] stays = new PromptLayout((int)transition.shape[1], [image]).SequenceKeep([kept]);
        return new()
        {
            { "keep", kept },
            { "sequence_keep", stays },
            { "position_ids", arange(stays.Length, ScalarType.Int64) },      // Positions.Renumber
            { "scores", method.Parts.Score.Of(context).mul(2) },               // the code adds without weights
            { "iga", attention.mean([0]) },
            { "ttv_pruned", transition.index_select(1, tensor(stays)) },
        };

        int Left(int stages) => Rounding.Down.Apply(golden.Int("original_visual") * golden.Numbers("ratios")[stages]);
    }
}
