using PruneNotebooks.Parts;
using PruneNotebooks.Primitives;
using PruneNotebooks.Pruners;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Conformance;

static class VisionZipAdapter
{
    [Adapter("visionzip", "select")]
    static Outputs Select(GoldenCase golden)
    {
        int dominant = golden.Int("dominant"), contextual = golden.Int("contextual"), keep = dominant + contextual;
        var hidden = golden["hidden_states"];
        var features = hidden.narrow(0, 1, hidden.shape[0] - 1);
        var keys = golden["keys"].narrow(1, 1, features.shape[0]);
        var method = new VisionZip { ContextualShare = (double)contextual / keep };
        var context = new PruningContext(features)
            .With(new Signal.VisionAttention(), golden["cls_attention"].unsqueeze(1))
            .With(new Signal.VisionStates(), keys)
            .With(new Signal.ClsState(Layer.Features, TokenState.Hidden), hidden.narrow(0, 0, 1));
        // Class token and all patches are one token more than arrive: possible for the parts, not for a selection.
        bool all = keep > features.shape[0];
        using var selection = method.Select(context, all ? keep - 1 : keep);
        var chosen = new Chosen(all ? method.Parts.Choice.Pick(context, Ranking.Of(tensor([.. selection.Scores!])), dominant - 1).Order : [.. selection.Order.Skip(1).Take(dominant - 1)]);
        long[] kept = [.. chosen.Order.Order()];
        var groups = TokenGroups.EvenlySpaced(keys.mean([0]), chosen.Others((int)features.shape[0]), contextual);
        var merged = groups.TargetPlusMean(features);
        if (!all) Assert.Equal([.. kept, .. groups.Targets], selection.Order.Skip(1));
        return new()
        {
            { "scores", selection.Scores! },
            { "keep", kept },
            { "target", groups.Targets },
            { "assignment", groups.Assignment },
            { "merged", merged },
            { "features", all ? cat([hidden.narrow(0, 0, 1), features.index_select(0, tensor(kept, ScalarType.Int64)), merged]) : selection.Features!.clone() },
        };
    }

    [Adapter("visionzip", "anyres")]
    static Outputs AnyRes(GoldenCase golden)
    {
        int[] grid = golden.Ints("grid");
        var kept = golden["keep"];
        var crops = Enumerable.Range(0, (int)kept.shape[0]).Select(crop => kept.shape[1] == 0 ? [] : kept[crop].data<long>().ToArray());
        long[] order = AnyResolution.CompressedOrder([.. crops], new TokenGrid(grid[0], grid[1]), TokenGrid.Square(golden.Int("side")), golden.Int("contextual"));
        return new() { { "order", order }, { "features", golden["features"].flatten(0, 1).index_select(0, tensor(order)) } };
    }
}
