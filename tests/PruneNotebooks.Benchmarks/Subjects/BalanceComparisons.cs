using PruneNotebooks.Benchmarks.Inputs;
using PruneNotebooks.Benchmarks.Ports;
using PruneNotebooks.Parts;
using PruneNotebooks.Pruners;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Benchmarks.Subjects;

/// <summary>Methods that weigh a score against what the kept tokens have already, beside ports of their published sequences of operations.</summary>
internal static class BalanceComparisons
{
    const int Width = 4096;

    static readonly TokenGrid[] Grids = [TokenGrid.Square(24), new(48, 60)];

    /// <summary>The choice alone, on tokens of a photograph; signals are there already.</summary>
    public static IEnumerable<Comparison> All => Grids.SelectMany(grid => (Comparison[])
    [
        Of("SCOPE", grid, new Scope(), ScopePort.Prune),
        Of("IDPruner", grid, new IdPruner(), IdPrunerPort.Prune),
        Of("ToDRE", grid, new ToDre { Pivot = Score.ClsAttention() }, ToDrePort.Prune),
        Of("ZOO-Prune, the choice", grid, Score.ClsAttention().Then(Choose.WeightedMaxMin()), ZooPrunePort.Prune),
        Of("CDPruner", grid, new CdPruner { Relevance = Score.ClsAttention() }, CdPrunerPort.Prune),
        new("DART", Setting(grid), () => Dart(grid)),
    ]);

    static string Setting(TokenGrid grid) => $"{grid.Count / 9} of {grid.Count}";

    static Comparison Of(string name, TokenGrid grid, ITokenPruner pruner, Func<Tensor, Tensor, int, Tensor> port) => new(name, Setting(grid), () =>
    {
        var features = Features.OfPhotograph(grid, Width);
        using var random = new Generator(8, CPU);
        var score = rand(grid.Count, generator: random);
        var attention = score.reshape(1, 1, grid.Count);
        var context = new PruningContext(features).With(new Signal.VisionFeatures(), features).With(new Signal.VisionAttention(), attention);
        return new Pair(
            port: () => port(features, score, grid.Count / 9),
            ours: () => Kept(pruner, context, grid.Count / 9),
            Agreement.SameTokens, features, score, attention);
    });

    // A layer of Llama-7B: 32 heads of 128, a question of 25 tokens.
    static Pair Dart(TokenGrid grid)
    {
        const int heads = 32, text = 25, budget = 64;
        var visual = Features.OfPhotograph(grid, Width);
        var question = Features.Unrelated(text, Width);
        using var random = new Generator(9, CPU);
        Tensor keys = randn(heads, grid.Count, Width / heads, generator: random), textKeys = randn(heads, text, Width / heads, generator: random);
        Tensor Heads(Tensor rows) => rows.view(-1, heads, Width / heads).transpose(0, 1);
        Tensor states = Heads(visual), textStates = Heads(question);
        var pruner = new Dart { Order = PivotOrder.Norm, Shares = PivotShares.Published };
        var context = new PruningContext(visual)
            .With(new Signal.DecoderStates(pruner.Layer, TokenState.Key), keys).With(new Signal.DecoderStates(pruner.Layer, TokenState.Hidden), states)
            .With(new Signal.TextStates(pruner.Layer, TokenState.Key), textKeys).With(new Signal.TextStates(pruner.Layer, TokenState.Hidden), textStates);
        return new Pair(
            port: () => DartPort.Prune(visual, question, keys, textKeys, budget),
            ours: () => Kept(pruner, context, budget),
            Agreement.SameTokens, visual, question, keys, textKeys, states, textStates);
    }

    static Tensor Kept(ITokenPruner pruner, PruningContext context, int keep)
    {
        using var selection = pruner.Select(context, keep);
        return context.Features.index_select(0, selection.ToTensor());
    }
}
