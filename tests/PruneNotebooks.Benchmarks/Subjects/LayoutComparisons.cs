using PruneNotebooks.Benchmarks.Inputs;
using PruneNotebooks.Benchmarks.Ports;
using PruneNotebooks.Pruners;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Benchmarks.Subjects;

/// <summary>Methods for views, interfaces, large pictures and prompts with examples, and coverage of a question's words, beside ports of their published sequences of operations.</summary>
internal static class LayoutComparisons
{
    const int Width = 4096, TowerWidth = 1024, Heads = 16, TextLength = 25, Words = 8;

    static readonly TokenGrid[] Grids = [TokenGrid.Square(24), new(48, 60)];

    /// <summary>The choice alone, on tokens of a photograph; signals are there already.</summary>
    public static IEnumerable<Comparison> All => Grids.SelectMany(grid => (Comparison[])
    [
        Of("SeGPruner", grid, SegPruner),
        Of("FocusUI", grid, FocusUi),
        Of("LRS-VQA", grid, LrsVqa),
        Of("MMTok", grid, MmTok),
        Of("CATP, first stage", grid, Catp),
    ]);

    static Comparison Of(string name, TokenGrid grid, Func<Tensor, Generator, int, Pair> prepare) => new(name, $"{grid.Count / 9} of {grid.Count}", () =>
    {
        using var random = new Generator(9, CPU);
        return prepare(Features.OfPhotograph(grid, Width), random, grid.Count / 9);
    });

    static Pair SegPruner(Tensor features, Generator random, int keep)
    {
        long tokens = features.shape[0];
        Tensor attention = rand([Heads, tokens], generator: random), points = randn([tokens, 3], generator: random);
        return Of(new SegPruner(), features, keep, () => SegPrunerPort.Prune(attention, features, points, keep),
            (new Signal.VisionFeatures(), features), (new Signal.VisionAttentionReceived(Queries: Queries.Visual), attention), (new Signal.PatchCentres(), points));
    }

    static Pair FocusUi(Tensor features, Generator random, int keep)
    {
        Tensor text = randn([TextLength, Width], generator: random), marker = randn([Width], generator: random);
        return Of(new FocusUi { Marker = marker }, features, keep, () => FocusUiPort.Prune(features, text, marker, keep), (new Signal.TextFeatures(), text));
    }

    // The port has the products of the last query with all keys of the prompt, ours the weights that the layer gives anyway.
    static Pair LrsVqa(Tensor features, Generator random, int keep)
    {
        const int before = 35;
        var logits = randn([32, 1, before + features.shape[0] + TextLength], generator: random);
        using var weights = logits.softmax(-1);
        var local = weights.narrow(2, before, features.shape[0]).clone();
        return Of(new LrsVqa(), features, keep, () => LrsVqaPort.Prune(logits, before, features, keep), (new Signal.DecoderAttention(Layer.AtStage), local));
    }

    static Pair MmTok(Tensor features, Generator random, int keep)
    {
        Tensor picture = randn([features.shape[0], TowerWidth], generator: random), words = randn([Words, Width], generator: random);
        return Of(new MmTok(), features, keep, () => MmTokPort.Prune(features, picture, words, keep), (new Signal.VisionFeatures(), picture), (new Signal.KeywordFeatures(), words));
    }

    static Pair Catp(Tensor features, Generator random, int keep)
    {
        var text = randn([TextLength, Width], generator: random);
        return Of(new Catp(), features, keep, () => CatpPort.Prune(features, text, keep), (new Signal.PairedText(), text));
    }

    static Pair Of(ITokenPruner pruner, Tensor features, int keep, Func<Tensor> port, params (Signal Signal, Tensor Value)[] signals)
    {
        var context = signals.Aggregate(new PruningContext(features), (context, signal) => context.With(signal.Signal, signal.Value));
        return new Pair(port, ours: () =>
        {
            using var selection = pruner.Select(context, keep);
            return selection.Features?.alias() ?? features.index_select(0, selection.ToTensor());
        }, Agreement.SameTokens, [features, .. signals.Select(signal => signal.Value)]);
    }
}
