using PruneNotebooks.Primitives;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Parts;

public abstract partial record Score
{
    /// <summary>Attention of the vision tower's class token, mean over heads, its attention to itself cut off and the rest not renormalised.</summary>
    /// <param name="layer">The tower's layer; by default the one that the tokens come from.</param>
    public static Score ClsAttention(Layer layer = default) => new MeanAttention(new Signal.VisionAttention(layer));

    /// <summary>Attention that a token receives inside the vision tower, mean over heads and queries.</summary>
    /// <param name="layer">The tower's layer; by default the one that the tokens come from.</param>
    /// <param name="queries">Over whose attention the mean is taken.</param>
    public static Score ReceivedAttention(Layer layer = default, Queries queries = Queries.All) => new MeanAttention(new Signal.VisionAttentionReceived(layer, queries));

    /// <summary>Attention of some tokens of the prompt in a decoder layer, mean over heads and queries.</summary>
    /// <param name="layer">The decoder's layer.</param>
    /// <param name="queries">Whose attention: the last token's, the text's, all tokens'.</param>
    public static Score DecoderAttention(Layer layer, Queries queries = Queries.LastToken) => new MeanAttention(queries == Queries.LastToken
        ? new Signal.DecoderAttention(layer, queries)
        : new Signal.DecoderAttentionReceived(layer, queries));
}

/// <summary>Mean attention over heads and, if there are several, queries.</summary>
/// <param name="Attention">The attention, <c>[H, N]</c> or <c>[H, Q, N]</c>.</param>
public sealed record MeanAttention(Signal.Attention Attention) : Score
{
    /// <inheritdoc/>
    public override Signals Needs => Attention;

    /// <inheritdoc/>
    public override Tensor Of(PruningContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return Ranking.MeanAttention(context[Attention]);
    }

    /// <inheritdoc/>
    public override string ToString() => Attention.Description;
}
