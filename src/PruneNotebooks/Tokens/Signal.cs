namespace PruneNotebooks.Tokens;

/// <summary>Which rows of an attention matrix are looked at: whose attention it is.</summary>
public enum Queries
{
    /// <summary>The class token of the vision tower.</summary>
    Cls,

    /// <summary>The last token of the prompt.</summary>
    LastToken,

    /// <summary>The text tokens that follow the last visual token.</summary>
    Text,

    /// <summary>The visual tokens themselves.</summary>
    Visual,

    /// <summary>Every token.</summary>
    All,
}

static class QueriesWords
{
    /// <summary>As a sentence says it.</summary>
    public static string Words(this Queries queries) => queries switch
    {
        Queries.Cls => "the class token",
        Queries.LastToken => "the last token",
        Queries.Text => "the text",
        Queries.Visual => "the visual tokens",
        _ => "all tokens",
    };
}

/// <summary>Something a pruner may look at. A pruner lists what it needs; the model computes that and nothing else.</summary>
/// <remarks>N is the number of visual tokens of one image that arrive at the stage; H the number of heads.</remarks>
public abstract partial record Signal
{
    Signal() { }

    /// <summary>What to call this signal in a sentence.</summary>
    public abstract string Description { get; }

    /// <summary>The dimension of the signal's tensor along which the N tokens lie, -1 for the last; <see langword="null"/> if it does not belong to single visual tokens.</summary>
    public virtual int? TokenAxis => -1;

    /// <summary>A signal that one layer gives.</summary>
    /// <param name="Layer">The layer.</param>
    /// <param name="InTower">Whether it is a layer of the vision tower rather than of the decoder.</param>
    public abstract record OfLayer(Layer Layer, bool InTower) : Signal;

    /// <summary>Attention of one layer.</summary>
    /// <param name="Layer">The layer.</param>
    /// <param name="Queries">Whose attention.</param>
    /// <param name="InTower">Whether it is a layer of the vision tower rather than of the decoder.</param>
    public abstract record Attention(Layer Layer, Queries Queries, bool InTower) : OfLayer(Layer, InTower);

    /// <summary>The visual tokens at the stage, float <c>[N, D]</c>: projected features, or hidden states inside a tower or decoder. Always there.</summary>
    public sealed record Features : Signal
    {
        /// <inheritdoc/>
        public override string Description => "the features of the visual tokens";

        /// <inheritdoc/>
        public override int? TokenAxis => 0;
    }

    /// <summary>Output of one layer of the vision tower for the N patches, <c>[N, Dv]</c>.</summary>
    /// <param name="Layer">The tower's layer.</param>
    public sealed record VisionFeatures(Layer Layer = default) : OfLayer(Layer, InTower: true)
    {
        /// <inheritdoc/>
        public override string Description => $"the vision tower's output of the {Layer}";

        /// <inheritdoc/>
        public override int? TokenAxis => 0;
    }

    /// <summary>Attention paid to the N patches inside the vision tower, <c>[H, Q, N]</c>; softmax over all keys, the class token's column cut off without renormalising.</summary>
    /// <param name="Layer">The tower's layer.</param>
    /// <param name="Queries">Whose attention: <see cref="Queries.Cls"/> (Q = 1), <see cref="Queries.Visual"/> (Q = N) or <see cref="Queries.All"/>.</param>
    public sealed record VisionAttention(Layer Layer = default, Queries Queries = Queries.Cls) : Attention(Layer, Queries, InTower: true)
    {
        /// <inheritdoc/>
        public override string Description => $"the vision tower's attention of {Queries.Words()} in the {Layer}";
    }

    /// <summary>Mean attention that each patch receives inside the vision tower, <c>[H, N]</c>: the mean of <see cref="VisionAttention"/> over its queries, computed in blocks.</summary>
    /// <param name="Layer">The tower's layer.</param>
    /// <param name="Queries">Over whose attention the mean is taken.</param>
    public sealed record VisionAttentionReceived(Layer Layer = default, Queries Queries = Queries.All) : Attention(Layer, Queries, InTower: true)
    {
        /// <inheritdoc/>
        public override string Description => $"the attention received from {Queries.Words()} in the vision tower's {Layer}";
    }

    /// <summary>Attention paid to the N visual tokens inside the decoder, <c>[H, Q, N]</c>; softmax over all visible keys, without renormalising.</summary>
    /// <param name="Layer">The decoder's layer.</param>
    /// <param name="Queries">Whose attention: last token (Q = 1), text, visual or all.</param>
    public sealed record DecoderAttention(Layer Layer, Queries Queries = Queries.LastToken) : Attention(Layer, Queries, InTower: false)
    {
        /// <inheritdoc/>
        public override string Description => $"the decoder's attention of {Queries.Words()} in the {Layer}";
    }

    /// <summary>Mean attention that each visual token receives inside the decoder, <c>[H, N]</c>: the mean of <see cref="DecoderAttention"/> over its queries, computed in blocks.</summary>
    /// <param name="Layer">The decoder's layer.</param>
    /// <param name="Queries">Over whose attention the mean is taken.</param>
    public sealed record DecoderAttentionReceived(Layer Layer, Queries Queries = Queries.All) : Attention(Layer, Queries, InTower: false)
    {
        /// <inheritdoc/>
        public override string Description => $"the attention received from {Queries.Words()} in the decoder's {Layer}";
    }
}
