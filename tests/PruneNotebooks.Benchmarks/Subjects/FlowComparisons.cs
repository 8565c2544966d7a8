using PruneNotebooks.Benchmarks.Inputs;
using PruneNotebooks.Benchmarks.Plain;
using PruneNotebooks.Benchmarks.Ports;
using PruneNotebooks.Parts;
using PruneNotebooks.Primitives;
using PruneNotebooks.Pruners;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Benchmarks.Subjects;

/// <summary>Methods that follow attention from block to block or share a budget out over the picture, beside ports of their published sequences of operations.</summary>
internal static class FlowComparisons
{
    const int Width = 4096, TextBefore = 35, TextAfter = 25;

    static readonly TokenGrid[] Grids = [TokenGrid.Square(24), new(48, 60)];

    /// <summary>The choice alone; signals, or the weights of all pairs, are there already.</summary>
    public static IEnumerable<Comparison> All => Grids.SelectMany(grid => (Comparison[])
    [
        new("HoloV", Setting(grid), () => HoloV(grid)),
        new("FlowCut, one block", Setting(grid), () => FlowCut(grid)),
        new("VFlowOpt", Setting(grid), () => VFlowOpt(grid)),
        new("MustDrop, one layer", Setting(grid), () => MustDrop(grid)),
        new("LVLM_CSP, clustering", Setting(grid), () => LvlmCsp(grid)),
    ]);

    static string Setting(TokenGrid grid) => $"{Keep(grid)} of {grid.Count}";

    static int Keep(TokenGrid grid) => grid.Count / 9;

    static Pair HoloV(TokenGrid grid)
    {
        var (features, weights) = (Features.OfPhotograph(grid, Width), TowerWeights(grid, out var layer));
        var received = weights.narrow(1, 0, 1).narrow(2, 1, grid.Count).clone();
        var context = new PruningContext(features).With(new Signal.VisionAttention(), received);
        int crops = CropChoice.PublishedCrops(grid.Count, Keep(grid));
        return new Pair(
            port: () => HoloVPort.Prune(weights, features, crops, Keep(grid)),
            ours: () => Kept(new HoloV(), context, Keep(grid)),
            Agreement.SameTokens, features, weights, layer, received);
    }

    static Pair FlowCut(TokenGrid grid)
    {
        var (features, weights) = (Features.Unrelated(grid.Count, Width), TowerWeights(grid, out var layer));
        using var random = new Generator(5, CPU);
        Tensor earlier = rand(grid.Count, generator: random), received = weights.narrow(1, 0, 1).narrow(2, 1, grid.Count).clone();
        var context = new PruningContext(features).With(new Signal.VisionAttention(Layer.BeforeStage), received).With(new Signal.EarlierScores(), earlier)
            .With(new Signal.VisionStates(Layer.BeforeStage, TokenState.Value), layer.Value.narrow(1, 1, grid.Count)).With(new Signal.ClsState(Layer.BeforeStage, TokenState.Value), layer.Value.select(1, 0));
        return new Pair(
            port: () => FlowCutPort.Prune(weights, layer.Value, features, earlier, Keep(grid)),
            ours: () => Kept(new FlowCut { Averages = true }, context, Keep(grid)),
            Agreement.SameTokens, features, weights, layer, earlier, received);
    }

    static Pair VFlowOpt(TokenGrid grid)
    {
        var (features, weights) = (Features.OfPhotograph(grid, Width), TowerWeights(grid, out var layer));
        var among = weights.narrow(1, 1, grid.Count).narrow(2, 1, grid.Count).clone();
        weights.Dispose();
        double side = RecycledCells.PublishedSide(grid);
        var pruner = new VFlowOpt { Threshold = 1.1, CellSide = side, Exact = false };
        var context = new PruningContext(features, grid).With(new Signal.VisionAttention(Layer.Features, Queries.Visual), among);
        return new Pair(
            port: () => VFlowOptPort.Prune(among, features, grid.Width, pruner.Threshold, side, Keep(grid)),
            ours: () => Kept(pruner, context, Keep(grid)),
            Agreement.Close(1e-4), features, layer, among);
    }

    // A layer of Llama-7B: 32 heads of 128, the tokens between the text of a prompt.
    static Pair MustDrop(TokenGrid grid)
    {
        int length = TextBefore + grid.Count + TextAfter;
        using var layer = new AttentionLayer(heads: 32, length, headSize: 128, seed: 4);
        var (hidden, weights) = (Features.Unrelated(length, Width), PlainAttention.Weights(layer.Query, layer.Key, PlainAttention.CausalMask(length, ScalarType.Float32)));
        var text = weights.narrow(1, TextBefore + grid.Count, TextAfter).narrow(2, TextBefore, grid.Count).clone();
        using var random = new Generator(5, CPU);
        var received = rand(16, 1, grid.Count, generator: random);
        // Thresholds that let most leave, for any number of tokens.
        var pruner = new MustDrop { GlobalThreshold = 1.2 / grid.Count, IndividualThreshold = 3.0 / grid.Count, ByThreshold = true };
        var key = tensor(Ranking.ByAttention(received).Top(TokenBudget.Ratio(0.08, Rounding.Up).Resolve(grid.Count)), ScalarType.Int64);
        var context = new PruningContext(hidden.narrow(0, TextBefore, grid.Count))
            .With(new Signal.DecoderAttention(Layer.BeforeStage, Queries.Text), text).With(new Signal.VisionAttention(Layer.Last), received);
        return new Pair(
            port: () => MustDropPort.Prune(weights, key, hidden, TextBefore, grid.Count, pruner.GlobalThreshold, pruner.IndividualThreshold),
            ours: () => Kept(pruner, context, grid.Count),
            Agreement.SameTokens, hidden, weights, text, received, key);
    }

    static Pair LvlmCsp(TokenGrid grid)
    {
        var features = Features.Unrelated(grid.Count, Width);
        var layer = new AttentionLayer(heads: 16, 1 + grid.Count, headSize: 64, seed: 6);
        var context = new PruningContext(features)
            .With(new Signal.ClsState(Layer.Features, TokenState.Query), layer.Query.select(1, 0)).With(new Signal.VisionStates(Layer.Features, TokenState.Key), layer.Key.narrow(1, 1, grid.Count));
        return new Pair(
            port: () => LvlmCspPort.Prune(layer.Query, layer.Key, features, Keep(grid)),
            ours: () => Kept(new LvlmCsp(), context, Keep(grid)),
            Agreement.SameTokens, features, layer);
    }

    // A block of CLIP's tower.
    static Tensor TowerWeights(TokenGrid grid, out AttentionLayer layer)
    {
        layer = new AttentionLayer(heads: 16, 1 + grid.Count, headSize: 64, seed: 6);
        return PlainAttention.Weights(layer.Query, layer.Key);
    }

    static Tensor Kept(ITokenPruner pruner, PruningContext context, int keep)
    {
        using var selection = pruner.Select(context, keep);
        return selection.Features is { } merged ? merged.clone() : context.Features.index_select(0, selection.ToTensor());
    }
}
