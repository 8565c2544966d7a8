namespace PruneNotebooks.Tokens;

/// <summary>What a layer makes of a token, head by head.</summary>
public enum TokenState
{
    /// <summary>Queries; in the decoder after rotary embedding.</summary>
    Query,

    /// <summary>Keys; in the decoder after rotary embedding. With grouped queries there are fewer heads.</summary>
    Key,

    /// <summary>Values. With grouped queries there are fewer heads.</summary>
    Value,

    /// <summary>The layer's output, cut into as many parts as there are query heads; in the decoder normalised as before the output head.</summary>
    Hidden,
}

static class TokenStateWords
{
    /// <summary>As a sentence says it.</summary>
    public static string Words(this TokenState state) => state switch
    {
        TokenState.Query => "queries",
        TokenState.Key => "keys",
        TokenState.Value => "values",
        _ => "hidden states by head",
    };
}

public abstract partial record Signal
{
    /// <summary>States of the N visual tokens by head inside one decoder layer, <c>[H, N, d]</c>. Nothing but a copy: attention stays fused.</summary>
    /// <param name="Layer">The decoder's layer.</param>
    /// <param name="State">Which states.</param>
    public sealed record DecoderStates(Layer Layer, TokenState State = TokenState.Query) : OfLayer(Layer, InTower: false)
    {
        /// <inheritdoc/>
        public override string Description => $"the {State.Words()} of the visual tokens in the decoder's {Layer}";

        /// <inheritdoc/>
        public override int? TokenAxis => 1;
    }

    /// <summary>The same of the T text tokens after the last visual token, <c>[H, T, d]</c>; the last of them is the last token of the prompt.</summary>
    /// <param name="Layer">The decoder's layer.</param>
    /// <param name="State">Which states.</param>
    public sealed record TextStates(Layer Layer, TokenState State = TokenState.Query) : OfLayer(Layer, InTower: false)
    {
        /// <inheritdoc/>
        public override string Description => $"the {State.Words()} of the text in the decoder's {Layer}";

        /// <inheritdoc/>
        public override int? TokenAxis => null;
    }

    /// <summary>Attention among the T text tokens after the last visual token, <c>[H, T, T]</c>, rows are queries; softmax over the whole sequence, so that rows sum to less than 1.</summary>
    /// <param name="Layer">The decoder's layer.</param>
    public sealed record TextAttention(Layer Layer) : OfLayer(Layer, InTower: false)
    {
        /// <inheritdoc/>
        public override string Description => $"the attention among the text in the decoder's {Layer}";

        /// <inheritdoc/>
        public override int? TokenAxis => null;
    }

    /// <summary>How strongly attention and feed-forward part of one decoder layer change each of the N visual tokens (TransPrune, arXiv 2507.20630), float32 <c>[2, N]</c>; the softmax runs over the whole sequence.</summary>
    /// <param name="Layer">The decoder's layer.</param>
    /// <param name="IgnoreSign">Whether opposite directions count as alike.</param>
    public sealed record DecoderTransition(Layer Layer, bool IgnoreSign = false) : OfLayer(Layer, InTower: false)
    {
        /// <inheritdoc/>
        public override string Description => $"the transition of the visual tokens in the decoder's {Layer}";
    }

    /// <summary>States of the N patches by head inside one layer of the vision tower, <c>[H, N, d]</c>.</summary>
    /// <param name="Layer">The tower's layer.</param>
    /// <param name="State">Which states; <see cref="VisionFeatures"/> are the output as a whole.</param>
    public sealed record VisionStates(Layer Layer = default, TokenState State = TokenState.Key) : OfLayer(Layer, InTower: true)
    {
        /// <inheritdoc/>
        public override string Description => $"the {State.Words()} of the patches in the vision tower's {Layer}";

        /// <inheritdoc/>
        public override int? TokenAxis => 1;
    }

    /// <summary>States of the class token by head inside one layer of the vision tower, <c>[H, d]</c>.</summary>
    /// <param name="Layer">The tower's layer.</param>
    /// <param name="State">Which states.</param>
    public sealed record ClsState(Layer Layer = default, TokenState State = TokenState.Query) : OfLayer(Layer, InTower: true)
    {
        /// <inheritdoc/>
        public override string Description => $"the {State.Words()} of the class token in the vision tower's {Layer}";

        /// <inheritdoc/>
        public override int? TokenAxis => null;
    }
}
