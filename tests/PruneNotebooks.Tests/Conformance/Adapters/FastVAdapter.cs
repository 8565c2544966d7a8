using PruneNotebooks.Pruners;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Conformance;

static class FastVAdapter
{
    [Adapter("fastv", "prune")]
    static Outputs Prune(GoldenCase golden)
    {
        var (selection, layout) = Select(golden);
        long[] stays = layout.SequenceKeep([selection.Kept]);
        return new()
        {
            { "scores", selection.Scores! },
            { "keep", selection.Kept },
            { "sequence_keep", stays },
            { "position_ids", stays },      // Positions.Keep
            { "hidden", golden["hidden"].index_select(0, tensor(stays)) },
        };
    }

    [Adapter("fastv", "mask")]
    static Outputs Mask(GoldenCase golden)
    {
        var (selection, layout) = Select(golden);
        return new() { { "scores", selection.Scores! }, { "keep", selection.Kept }, { "key_mask", layout.KeyMask([selection.Kept]) } };
    }

    static (TokenSelection Selection, PromptLayout Layout) Select(GoldenCase golden)
    {
        var image = new VisualSpan(golden.Int("sys_len"), golden.Int("image_len"));
        var hidden = golden["hidden"];
        var lastRow = golden.Has("last_row") ? golden["last_row"] : golden["attention"].select(1, -1);
        var context = new PruningContext(hidden.narrow(0, image.Start, image.Length))
            .With(new Signal.DecoderAttention(Layer.BeforeStage), lastRow.narrow(1, image.Start, image.Length).unsqueeze(1));
        return (new FastV().Select(context, golden.Int("keep")), new PromptLayout((int)hidden.shape[0], [image]));
    }
}
