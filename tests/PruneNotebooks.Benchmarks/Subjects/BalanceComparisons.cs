using PruneNotebooks.Benchmarks.Inputs;
using PruneNotebooks.Benchmarks.Ports;
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
        Of("SCOPE", grid, new Scope(), (features, score, keep) => ScopePort.Prune(features, score, keep)),
    ]);

    static Comparison Of(string name, TokenGrid grid, ITokenPruner pruner, Func<Tensor, Tensor, int, Tensor> port)
    {
        int keep = grid.Count / 9;
        return new(name, $"{keep} of {grid.Count}", () =>
        {
            var features = Features.OfPhotograph(grid, Width);
            using var random = new Generator(8, CPU);
            var score = rand(grid.Count, generator: random).square_();
            var attention = score.reshape(1, 1, grid.Count);
            var context = new PruningContext(features).With(new Signal.VisionFeatures(), features).With(new Signal.VisionAttention(), attention);
            return new Pair(
                port: () => port(features, score, keep),
                ours: () =>
                {
                    using var selection = pruner.Select(context, keep);
                    return features.index_select(0, selection.ToTensor());
                },
                Agreement.SameTokens, features, score, attention);
        });
    }
}
