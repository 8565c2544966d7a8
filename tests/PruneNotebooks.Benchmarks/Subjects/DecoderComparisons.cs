using PruneNotebooks.Benchmarks.Inputs;
using PruneNotebooks.Benchmarks.Plain;
using PruneNotebooks.Benchmarks.Ports;
using PruneNotebooks.Models;
using PruneNotebooks.Primitives;
using PruneNotebooks.Pruners;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Benchmarks.Subjects;

/// <summary>One stage of the methods that prune at several depths of the decoder, beside ports of their published sequences of operations; both begin with a layer's queries, keys and values, and end with the next layer's input.</summary>
/// <remarks>
/// A layer of Llama-7B: 32 heads of 128, the tokens between the text of a prompt. Where the published code needs all weights of the layer, the port computes them in place of fused attention, which ours computes beside
/// the rows that the method needs. Where it computes a few rows itself, so does the port, and neither side has a layer to run.
/// </remarks>
internal static class DecoderComparisons
{
    const int Width = 4096, Heads = 32, TextBefore = 35, TextAfter = 25;

    static readonly TokenGrid[] Grids = [TokenGrid.Square(24), new(48, 60)];

    public static IEnumerable<Comparison> All => Grids.SelectMany(grid => (Comparison[])
    [
        Of("PyramidDrop", grid, input => (
            () => PyramidDropPort.Prune(input.Layer.Query, input.Layer.Key, input.Hidden, TextBefore, grid.Count, input.Keep),
            () => Shorter(new PyramidDrop(), input, (new Signal.DecoderAttention(Layer.AtStage), input.Weights(Queries.LastToken))),
            Agreement.SameTokens)),
        Of("TransPrune", grid, input => (
            () => TransPrunePort.Prune(input.Layer.Query, input.Layer.Key, input.Mask, TransPrunePort.Transition(input.Hidden, input.Output).unsqueeze(0), input.Hidden, TextBefore, grid.Count, input.Keep),
            () => Shorter(new TransPrune(), input,
                (new Signal.DecoderAttentionReceived(Layer.AtStage, Queries.Text), input.Weights(Queries.Text).mean([1])),
                (new Signal.DecoderTransition(Layer.BeforeStage), input.Visual(TokenTransition.Of(input.Hidden, input.Output).unsqueeze(0), 1))),
            Agreement.SameTokens)),
        Of("AdaptInfer with its attention", grid, input => (
            () => AdaptInferPort.Prune(input.PlainLayer(), input.Hidden, TextBefore, grid.Count, input.Keep),
            () =>
            {
                input.FusedLayer();
                return Shorter(new AdaptInfer(), input,
                    (new Signal.DecoderAttention(Layer.BeforeStage, Queries.Text), input.Weights(Queries.Text)),
                    (new Signal.TextStates(Layer.BeforeStage, TokenState.Query), input.Text(input.Layer.Query, 1)),
                    (new Signal.TextStates(Layer.BeforeStage, TokenState.Key), input.Text(input.Layer.Key, 1)),
                    (new Signal.DecoderStates(Layer.BeforeStage, TokenState.Key), input.Visual(input.Layer.Key, 1)));
            },
            Agreement.SameTokens)),
        Of("SparseVLM with its attention", grid, input =>
        {
            var recycling = (Parts.RecycledClusters)new SparseVlm().Parts.Repair!;
            int merged = recycling.Reserve(input.Keep, grid.Count);
            return (
                () => SparseVlmPort.Prune(input.PlainLayer(), input.Hidden, TextBefore, grid.Count, input.Keep - merged),
                () =>
                {
                    input.FusedLayer();
                    return Shorter(new SparseVlm(), input,
                        (new Signal.DecoderAttention(Layer.BeforeStage, Queries.Text), input.Weights(Queries.Text)),
                        (new Signal.TextFeatures(), input.Text(input.Hidden, 0)));
                },
                // A matrix product in place of distances may choose other centres.
                Agreement.SameShape);
        }),
        Of("HiDrop", grid, input => (
            () => HiDropPort.Prune(input.Layer.Query, input.Layer.Key, input.Hidden, TextBefore, grid.Count, input.Keep),
            () => Shorter(new HiDrop(), input, (new Signal.DecoderAttention(Layer.BeforeStage), input.Weights(Queries.LastToken))),
            Agreement.SameTokens)),
    ]);

    static Comparison Of(string method, TokenGrid grid, Func<Input, (Func<Tensor> Port, Func<Tensor> Ours, Func<Tensor, Tensor, string?> Difference)> ways) => new(method, $"{grid.Count / 4} of {grid.Count}", () =>
    {
        var input = new Input(grid);
        var (port, ours, difference) = ways(input);
        return new Pair(port, ours, difference, input);
    });

    static Tensor Shorter(ITokenPruner pruner, Input input, params (Signal Signal, Tensor Value)[] signals)
    {
        var visual = input.Visual(input.Hidden, 0);
        using var selection = pruner.Select(signals.Aggregate(new PruningContext(visual), (context, signal) => context.With(signal.Signal, signal.Value)), input.Keep);
        return cat([input.Hidden.narrow(0, 0, TextBefore), selection.Features ?? visual.index_select(0, selection.ToTensor()), input.Text(input.Hidden, 0)]);
    }

    /// <summary>A layer and the hidden states around it.</summary>
    sealed class Input(TokenGrid grid) : IDisposable
    {
        readonly int length = TextBefore + grid.Count + TextAfter;

        public int Keep => grid.Count / 4;

        public AttentionLayer Layer { get; } = new(Heads, TextBefore + grid.Count + TextAfter, Width / Heads, seed: 11);

        public Tensor Hidden { get; } = Around(grid, seed: 1);

        public Tensor Output { get; } = Around(grid, seed: 2);

        public Tensor Mask { get; } = PlainAttention.CausalMask(TextBefore + grid.Count + TextAfter, ScalarType.Float32);

        public Tensor Visual(Tensor all, int dimension) => all.narrow(dimension, TextBefore, grid.Count);

        public Tensor Text(Tensor all, int dimension) => all.narrow(dimension, TextBefore + grid.Count, TextAfter);

        public Tensor Weights(Queries queries)
        {
            int rows = queries == Queries.Text ? TextAfter : 1;
            return Visual(Attention.Weights(Layer.Query.narrow(1, length - rows, rows), Layer.Key, arange(length - rows, length, ScalarType.Int64)), 2);
        }

        public Tensor PlainLayer()
        {
            var weights = PlainAttention.Weights(Layer.Query, Layer.Key, Mask);
            weights.matmul(Layer.Value).Dispose();
            return weights;
        }

        public void FusedLayer() => Attention.Fused(Layer.Query.unsqueeze(0), Layer.Key.unsqueeze(0), Layer.Value.unsqueeze(0), causal: true).Dispose();

        // Tokens of a photograph between unrelated ones.
        static Tensor Around(TokenGrid grid, ulong seed)
        {
            using var scope = NewDisposeScope();
            using var random = new Generator(seed, CPU);
            Tensor Draw(int rows) => randn([rows, Width], ScalarType.Float32, generator: random);
            return cat([Draw(TextBefore), Features.OfPhotograph(grid, Width).add_(Draw(grid.Count).mul_(0.01)), Draw(TextAfter)]).DetachFromDisposeScope();
        }

        public void Dispose()
        {
            foreach (IDisposable item in (IDisposable[])[Layer, Hidden, Output, Mask]) item.Dispose();
        }
    }
}
