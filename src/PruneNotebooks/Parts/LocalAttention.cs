using PruneNotebooks.Primitives;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Parts;

public abstract partial record Score
{
    /// <summary>Attention of the last token of the prompt, renormalised over this picture's tokens head by head, then the mean over heads: heads that look elsewhere count as much as others.</summary>
    /// <param name="layer">The decoder's layer.</param>
    public static Score LocalAttention(Layer layer) => new LocalAttention(layer);
}

/// <summary>Shares of attention among the picture's tokens (<see cref="RegionFocus.Shares"/>).</summary>
/// <param name="Layer">The decoder's layer.</param>
public sealed record LocalAttention(Layer Layer) : Score
{
    Signal Attention => new Signal.DecoderAttention(Layer);

    /// <inheritdoc/>
    public override Signals Needs => Attention;

    /// <inheritdoc/>
    public override Tensor Of(PruningContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var attention = context[Attention];
        return attention.dim() == 3 && attention.shape[1] == 1
            ? RegionFocus.Shares(attention.select(1, 0))
            : throw new ArgumentException($"Attention of one token is [heads, 1, tokens]; {Attention.Description} is {attention.Shape()}.", nameof(context));
    }

    /// <inheritdoc/>
    public override string ToString() => $"last token's attention within the picture in the {Layer}";
}
