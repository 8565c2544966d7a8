using PruneNotebooks.Primitives;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Parts;

public abstract partial record Score
{
    /// <summary>Attention of the text behind the picture, each of its tokens weighed by the attention that it gives to and receives from the rest of the text in the same layer (<see cref="TextGuidance"/>).</summary>
    /// <param name="layer">The decoder's layer.</param>
    /// <param name="mixing">1: weights as measured; 0: all tokens alike.</param>
    public static Score TextGuided(Layer layer, double mixing = 1) => new TextGuided(layer, mixing);
}

/// <summary>Attention of the text, weighed by what the text attends to itself.</summary>
/// <param name="Layer">The decoder's layer.</param>
/// <param name="Mixing">1: weights as measured; 0: all tokens alike.</param>
public sealed record TextGuided(Layer Layer, double Mixing) : Score
{
    Signal Attention => new Signal.DecoderAttention(Layer, Queries.Text);

    Signal Among => new Signal.TextAttention(Layer);

    /// <inheritdoc/>
    public override Signals Needs => Signals.Of(Attention, Among);

    /// <inheritdoc/>
    public override Tensor Of(PruningContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        using var scope = NewDisposeScope();
        return TextGuidance.Scores(TextGuidance.Importance(context[Among], Mixing), context[Attention]).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override string ToString() => $"attention of the important words in the {Layer}";
}
