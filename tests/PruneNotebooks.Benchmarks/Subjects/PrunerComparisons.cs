using PruneNotebooks.Benchmarks.Inputs;
using PruneNotebooks.Benchmarks.Plain;
using PruneNotebooks.Benchmarks.Ports;
using PruneNotebooks.Models;
using PruneNotebooks.Pruners;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Benchmarks.Subjects;

/// <summary>The pruners beside ports of their published sequences of operations; both end with the rows that the next layer gets.</summary>
/// <remarks>The published code computes the weights of all pairs in the layers that it looks at, ours computes fused attention and the rows that the method needs.</remarks>
internal static class PrunerComparisons
{
    const int Width = 4096, TextBefore = 35, TextAfter = 25;

    // LLaVA-1.5's visual tokens, and as many as LLaVA-NeXT has at most.
    static readonly TokenGrid[] Grids = [TokenGrid.Square(24), new(48, 60)];

    /// <summary>The choice alone: signals, or the weights of all pairs, are there already.</summary>
    public static IEnumerable<Comparison> Choices => Grids.SelectMany(grid => (Comparison[])
    [
        Of("random", grid, () => Random(grid)),
        Of("FastV", grid, () => FastV(grid, captured: true)),
        Of("FasterVLM", grid, () => FasterVlm(grid, captured: true)),
        Of("HiPrune", grid, () => HiPrune(grid, captured: true)),
        Of("DivPrune, a photograph", grid, () => DivPrune(Features.OfPhotograph(grid, Width))),
        Of("DivPrune, unrelated tokens", grid, () => DivPrune(Features.Unrelated(grid.Count, Width))),
    ]);

    /// <summary>The choice and the attention of the layers that it looks at, from queries, keys and values.</summary>
    public static IEnumerable<Comparison> ChoicesWithAttention => Grids.SelectMany(grid => (Comparison[])
    [
        Of("FastV with its attention", grid, () => FastV(grid, captured: false)),
        Of("FasterVLM with its attention", grid, () => FasterVlm(grid, captured: false)),
        Of("HiPrune with its attention", grid, () => HiPrune(grid, captured: false)),
    ]);

    static Comparison Of(string method, TokenGrid grid, Func<Pair> prepare) => new(method, $"{Keep(grid)} of {grid.Count}", prepare);

    static int Keep(TokenGrid grid) => grid.Count / 9;

    static Pair Random(TokenGrid grid)
    {
        var features = Features.Unrelated(grid.Count, Width);
        var context = new PruningContext(features);
        return new Pair(
            port: () => RandomPort.Prune(features, Keep(grid)),
            ours: () => Kept(new RandomTokens(), context, Keep(grid)),
            Agreement.SameShape, features);
    }

    static Pair DivPrune(Tensor features)
    {
        int keep = (int)features.shape[0] / 9;
        var context = new PruningContext(features);
        return new Pair(
            port: () => DivPrunePort.Prune(features, keep),
            ours: () => Kept(new DivPrune(), context, keep),
            Agreement.SameTokens, features);
    }

    // A layer of Llama-7B: 32 heads of 128, the tokens between the text of a prompt.
    static Pair FastV(TokenGrid grid, bool captured)
    {
        var layout = new PromptLayout(TextBefore + grid.Count + TextAfter, [new VisualSpan(TextBefore, grid.Count)]);
        var layer = new AttentionLayer(heads: 32, layout.Length, headSize: 128, seed: 4);
        var hidden = Features.Unrelated(layout.Length, Width);
        var visual = hidden.narrow(0, TextBefore, grid.Count);
        var mask = PlainAttention.CausalMask(layout.Length, ScalarType.Float32);
        var last = tensor([layout.Length - 1L]);
        return WithSignals(captured,
            maps: () => [WeightsOfPlainLayer(layer, mask)],
            signals: () =>
            {
                RunFusedLayer(layer, causal: true);
                return [Attention.Weights(layer.Query.narrow(1, layout.Length - 1, 1), layer.Key, last).narrow(-1, TextBefore, grid.Count).clone()];
            },
            port: maps => FastVPort.Prune(maps[0], hidden, TextBefore, grid.Count, Keep(grid)),
            ours: signals =>
            {
                var pruner = new FastV();
                using var selection = pruner.Select(new PruningContext(visual).With(pruner.Needs.Single(), signals[0]), Keep(grid));
                return hidden.index_select(0, tensor(layout.SequenceKeep([selection.Kept])));
            },
            layer, hidden, visual, mask, last);
    }

    // A block of CLIP's tower: 16 heads of 64, the class token first.
    static Pair FasterVlm(TokenGrid grid, bool captured)
    {
        var layer = new AttentionLayer(heads: 16, 1 + grid.Count, headSize: 64, seed: 5);
        var features = Features.Unrelated(grid.Count, Width);
        return WithSignals(captured,
            maps: () => [WeightsOfPlainLayer(layer)],
            signals: () =>
            {
                RunFusedLayer(layer);
                return [Attention.Weights(layer.Query.narrow(1, 0, 1), layer.Key).narrow(-1, 1, grid.Count).clone()];
            },
            port: maps => FasterVlmPort.Prune(maps[0], features, Keep(grid)),
            ours: signals =>
            {
                var pruner = new FasterVlm();
                return Kept(pruner, new PruningContext(features).With(pruner.Needs.Single(), signals[0]), Keep(grid));
            },
            layer, features);
    }

    // Two blocks of CLIP's tower.
    static Pair HiPrune(TokenGrid grid, bool captured)
    {
        AttentionLayer[] layers = [.. ((long[])[6, 7]).Select(seed => new AttentionLayer(heads: 16, 1 + grid.Count, headSize: 64, seed))];
        var features = Features.Unrelated(grid.Count, Width);
        return WithSignals(captured,
            maps: () => [.. layers.Select(layer => WeightsOfPlainLayer(layer))],
            signals: () => [.. layers.Select(layer =>
            {
                RunFusedLayer(layer);
                return Attention.MeanWeights(layer.Query, layer.Key).narrow(-1, 1, grid.Count).clone();
            })],
            port: maps => HiPrunePort.Prune(maps[0], maps[1], features, grid.Width, Keep(grid)),
            ours: signals =>
            {
                var pruner = new HiPrune();
                var context = new PruningContext(features, grid)
                    .With(new Signal.VisionAttentionReceived(pruner.ObjectLayer), signals[0])
                    .With(new Signal.VisionAttentionReceived(pruner.DeepLayer), signals[1]);
                return Kept(pruner, context, Keep(grid));
            },
            [.. layers, features]);
    }

    static Pair WithSignals(bool captured, Func<Tensor[]> maps, Func<Tensor[]> signals, Func<Tensor[], Tensor> port, Func<Tensor[], Tensor> ours, params IDisposable[] inputs)
    {
        if (!captured) return new Pair(() => port(maps()), () => ours(signals()), Agreement.SameTokens, inputs);
        Tensor[] ready = maps(), seen = signals();
        return new Pair(() => port(ready), () => ours(seen), Agreement.SameTokens, [.. inputs, .. ready, .. seen]);
    }

    static Tensor Kept(ITokenPruner pruner, PruningContext context, int keep)
    {
        using var selection = pruner.Select(context, keep);
        return context.Features.index_select(0, selection.ToTensor());
    }

    static Tensor WeightsOfPlainLayer(AttentionLayer layer, Tensor? mask = null)
    {
        var weights = PlainAttention.Weights(layer.Query, layer.Key, mask);
        weights.matmul(layer.Value).Dispose();
        return weights;
    }

    static void RunFusedLayer(AttentionLayer layer, bool causal = false)
    {
        using var scope = NewDisposeScope();
        Attention.Fused(layer.Query.unsqueeze(0), layer.Key.unsqueeze(0), layer.Value.unsqueeze(0), causal: causal);
    }
}
