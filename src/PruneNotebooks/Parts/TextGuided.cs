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

    Signal TextQueries => new Signal.TextStates(Layer, TokenState.Query);

    Signal TextKeys => new Signal.TextStates(Layer, TokenState.Key);

    Signal VisualKeys => new Signal.DecoderStates(Layer, TokenState.Key);

    /// <inheritdoc/>
    public override Signals Needs => Signals.Of(Attention, TextQueries, TextKeys, VisualKeys);

    /// <inheritdoc/>
    public override Tensor Of(PruningContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        using var scope = NewDisposeScope();
        var toVisual = context[Attention];
        var among = TextAttention.Among(context[TextQueries], context[TextKeys], context[VisualKeys], toVisual);
        return TextGuidance.Scores(TextGuidance.Importance(among, Mixing), toVisual).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override string ToString() => $"attention of the important words in the {Layer}";
}
