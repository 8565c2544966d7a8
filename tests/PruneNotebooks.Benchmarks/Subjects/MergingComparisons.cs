using PruneNotebooks.Benchmarks.Inputs;
using PruneNotebooks.Benchmarks.Ports;
using PruneNotebooks.Pruners;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Benchmarks.Subjects;

/// <summary>Methods that merge tokens or delete repetitions, beside ports of their published sequences of operations: on tokens of a photograph, signals are there already.</summary>
internal static class MergingComparisons
{
    // The published sequence of VisPruner is too long for wider tokens of large pictures; it works on the tower's, which are as wide as this.
    const int Width = 4096, TowerWidth = 1024, Heads = 16, HeadSize = 64;

    static readonly TokenGrid[] Grids = [TokenGrid.Square(24), new(48, 60)];

    public static IEnumerable<Comparison> All => Grids.SelectMany(grid => (Comparison[])
    [
        new("VisPruner", $"{Keep(grid)} of {grid.Count}", () => VisPruner(grid)),
        new("VisionZip", $"{Keep(grid)} of {grid.Count}", () => VisionZip(grid)),
        new("PruMerge", $"{Keep(grid)} of {grid.Count}", () => PruMerge(grid)),
        new("VScan", $"{Keep(grid)} of {grid.Count}", () => VScan(grid)),
        new("ToMe, one block", $"{grid.Count - Keep(grid)} of {grid.Count}", () => ToMe(grid)),
    ]);

    // Half of it divides by the 16 or 80 windows of 6 x 6.
    static int Keep(TokenGrid grid) => grid.Count / 18;

    static Pair VisPruner(TokenGrid grid)
    {
        var (features, attention) = (Features.OfPhotograph(grid, TowerWidth), Attention(grid, 11));
        var score = attention.mean([0, 1]);
        var context = new PruningContext(features).With(new Signal.VisionAttention(), attention);
        return Of(() => VisPrunerPort.Prune(features, score, Keep(grid)), new VisPruner(), context, Keep(grid), AsDiverse, features, attention, score);
    }

    static Pair VisionZip(TokenGrid grid)
    {
        int keep = Keep(grid), contextual = Rounding.HalfUp.Apply(keep * new VisionZip().ContextualShare);
        var (features, attention, keys, first) = (Features.OfPhotograph(grid, Width), Attention(grid, 12), Normal([Heads, grid.Count, HeadSize], 13), Normal([Heads, Width / Heads], 14));
        var context = new PruningContext(features).With(new Signal.VisionAttention(), attention).With(new Signal.VisionStates(), keys).With(new Signal.ClsState(Layer.Features, TokenState.Hidden), first);
        return Of(() => VisionZipPort.Compress(attention.squeeze(1), keys, features, first.view(1, -1), keep - contextual, contextual), new VisionZip(), context, keep, Agreement.Close(1e-5), features, attention, keys, first);
    }

    static Pair PruMerge(TokenGrid grid)
    {
        var (features, query, firstKey, keys) = (Features.OfPhotograph(grid, Width), Normal([Heads, HeadSize], 15), Normal([Heads, HeadSize], 16), Normal([Heads, grid.Count, HeadSize], 17));
        var flat = cat([firstKey.view(1, -1), keys.transpose(0, 1).flatten(1)]);
        var context = new PruningContext(features).With(new Signal.ClsState(Layer.Last, TokenState.Query), query).With(new Signal.ClsState(Layer.Last, TokenState.Key), firstKey).With(new Signal.VisionStates(Layer.Last), keys);
        return Of(() => PruMergePort.Merge(query.view(-1), flat, features, Keep(grid)), new PruMerge(), context, Keep(grid), Agreement.Close(1e-5), features, query, firstKey, keys, flat);
    }

    static Pair VScan(TokenGrid grid)
    {
        var method = new VScan();
        var (features, shallow, deep) = (Features.OfPhotograph(grid, Width), Attention(grid, 18), Attention(grid, 19));
        var context = new PruningContext(features, grid).With(new Signal.VisionAttention(method.ShallowLayer), shallow).With(new Signal.VisionAttention(method.DeepLayer), deep);
        return Of(() => VScanPort.Reduce(shallow.squeeze(1), deep.squeeze(1), features, grid.Height, grid.Width, Keep(grid)), method, context, Keep(grid), Agreement.Close(1e-5), features, shallow, deep);
    }

    static Pair ToMe(TokenGrid grid)
    {
        var method = new ToMe { ClassToken = false };
        var (features, keys, sizes) = (Features.OfPhotograph(grid, Width), Normal([Heads, grid.Count, HeadSize], 20), ones(grid.Count));
        var context = new PruningContext(features).With(new Signal.VisionStates(Layer.AtStage), keys).With(new Signal.TokenSizes(), sizes);
        return Of(() => ToMePort.Merge(keys, features, Keep(grid)), method, context, grid.Count - Keep(grid), Agreement.Close(1e-5), features, keys, sizes);
    }

    // One rounding that swaps two similar tokens changes all pairs of later rounds: the two ways need not end with the same tokens.
    static string? AsDiverse(Tensor expected, Tensor actual)
    {
        if (Agreement.SameShape(expected, actual) is { } shape) return shape;
        using var scope = NewDisposeScope();
        double Mean(Tensor rows) => nn.functional.normalize(rows, dim: 1).mean([0]).square().sum().to(ScalarType.Float64).item<double>();
        var (wanted, got) = (Mean(expected), Mean(actual));
        return Math.Abs(wanted - got) <= 0.05 * wanted ? null : $"the mean cosine of kept tokens is {got:0.###} instead of {wanted:0.###}.";
    }

    static Pair Of(Func<Tensor> port, ITokenPruner pruner, PruningContext context, int keep, Func<Tensor, Tensor, string?> difference, params IDisposable[] inputs) => new(port, () =>
    {
        using var selection = pruner.Select(context, keep);
        return selection.Features?.clone() ?? context.Features.index_select(0, selection.ToTensor());
    }, difference, inputs);

    static Tensor Attention(TokenGrid grid, ulong seed)
    {
        using var scope = NewDisposeScope();
        return Normal([Heads, 1, grid.Count], seed).softmax(-1).MoveToOuterDisposeScope();
    }

    static Tensor Normal(long[] shape, ulong seed)
    {
        using var random = new Generator(seed, CPU);
        return randn(shape, ScalarType.Float32, generator: random);
    }
}
