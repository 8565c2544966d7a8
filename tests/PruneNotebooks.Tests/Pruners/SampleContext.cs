using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Pruners;

/// <summary>Random signals of the right shapes for any method. Disposing it frees them.</summary>
sealed class SampleContext : IDisposable
{
    const int Width = 12, Heads = 3, Texts = 5;

    readonly Dictionary<Signal, Tensor> signals = [];
    readonly Generator generator;
    readonly TokenGrid grid;

    public SampleContext(TokenGrid grid, Signals needs, ulong seed)
    {
        (this.grid, generator) = (grid, new Generator(seed));
        signals[new Signal.Features()] = randn(grid.Count, Width, generator: generator);
        // A fixed order: sets have none.
        foreach (var signal in needs.Where(signal => !signals.ContainsKey(signal)).OrderBy(signal => signal.Description, StringComparer.Ordinal)) signals[signal] = Make(signal);
    }

    public IReadOnlyDictionary<Signal, Tensor> Signals => signals;

    public PruningContext Context() =>
        signals.Where(signal => signal.Key is not Signal.Features).Aggregate(new PruningContext(signals[new Signal.Features()], grid) { Projector = tower => tower.tanh() }, (context, signal) => context.With(signal.Key, signal.Value));

    public void Dispose()
    {
        foreach (var tensor in signals.Values) tensor.Dispose();
        generator.Dispose();
    }

    Tensor Make(Signal signal)
    {
        int tokens = grid.Count;
        return signal switch
        {
            Signal.VisionFeatures => randn(tokens, Width, generator: generator),
            Signal.TextFeatures or Signal.TextEmbeddings or Signal.PairedText or Signal.KeywordFeatures => randn(Texts, Width, generator: generator),
            Signal.DecoderStates or Signal.VisionStates => randn(Heads, tokens, Width, generator: generator),
            Signal.VisualEmbeddings => randn(tokens, Width, generator: generator),
            Signal.TextAttention => AmongText(),
            Signal.TextStates => randn(Heads, Texts, Width, generator: generator),
            Signal.ClsState { State: TokenState.Hidden } => randn(Heads, Width / Heads, generator: generator),
            Signal.ClsState => randn(Heads, Width, generator: generator),
            Signal.DecoderTransition => rand(2, tokens, generator: generator),
            Signal.EarlierScores => rand(tokens, generator: generator),
            Signal.TokenSizes => ones(tokens),
            Signal.PatchCentres => randn(tokens, 3, generator: generator),
            Signal.ObjectMasks => Blocks(),
            Signal.VisionAttention { Queries: var queries } => Attention(Rows(queries)),
            Signal.DecoderAttention { Queries: var queries } => Attention(Rows(queries)),
            Signal.VisionAttentionReceived or Signal.DecoderAttentionReceived => Attention(),
            _ => throw new NotSupportedException($"The sample has no {signal.Description} yet."),
        };

        int Rows(Queries queries) => queries switch { Queries.Cls or Queries.LastToken => 1, Queries.Text => Texts, Queries.Visual => tokens, _ => tokens + 1 };

        // Three objects: the first, second and last third of the tokens.
        Tensor Blocks()
        {
            using var scope = NewDisposeScope();
            var owner = arange(tokens, ScalarType.Int64).mul(3).div(tokens, RoundingMode.floor);
            return owner.unsqueeze(0).eq(arange(3, ScalarType.Int64).unsqueeze(1)).to_type(ScalarType.Float32).MoveToOuterDisposeScope();
        }

        Tensor AmongText()
        {
            using var scope = NewDisposeScope();
            return (2 * randn(Heads, Texts, Texts + tokens, generator: generator)).softmax(-1).narrow(-1, tokens, Texts).tril().contiguous().MoveToOuterDisposeScope();
        }

        // Softmax over one more key than there are tokens: rows sum to less than 1, as with the class token's column cut off.
        Tensor Attention(params long[] rows)
        {
            using var scope = NewDisposeScope();
            return (2 * randn([Heads, .. rows, tokens + 1], generator: generator)).softmax(-1).narrow(-1, 1, tokens).contiguous().MoveToOuterDisposeScope();
        }
    }
}
