using PruneNotebooks.Primitives;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Parts;

public abstract partial record Score
{
    /// <summary>Information that flows through a patch on its way to the class token: attention, likeness of values and size of the value (<see cref="InformationFlow"/>).</summary>
    /// <param name="layer">The tower's layer; by default the one before the stage.</param>
    public static Score InformationFlow(Layer? layer = null) => new FlowScore(layer ?? Layer.BeforeStage);

    /// <summary>The same in the decoder, on its way to the last token of the prompt; softmax over the visual tokens alone.</summary>
    /// <param name="layer">The decoder's layer; by default the one before the stage.</param>
    public static Score DecoderInformationFlow(Layer? layer = null) => new DecoderFlowScore(layer ?? Layer.BeforeStage);
}

/// <summary>Information flow to the class token of the vision tower.</summary>
/// <param name="Layer">The tower's layer.</param>
public sealed record FlowScore(Layer Layer) : Score
{
    Signal.VisionAttention Attention => new(Layer);

    Signal Values => new Signal.VisionStates(Layer, TokenState.Value);

    Signal ClsValue => new Signal.ClsState(Layer, TokenState.Value);

    /// <inheritdoc/>
    public override Signals Needs => Signals.Of(Attention, Values, ClsValue);

    /// <inheritdoc/>
    public override Tensor Of(PruningContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var values = context[Values];
        var likeness = OneQueryAttention.Of(context[ClsValue], values, scaled: false, withItself: true);
        return Primitives.InformationFlow.Scores(new MeanAttention(Attention).Of(context), likeness, values.mean([0], type: ScalarType.Float32));
    }

    /// <inheritdoc/>
    public override string ToString() => $"information flow to the class token in the {Layer}";
}

/// <summary>Information flow to the last token of the prompt.</summary>
/// <param name="Layer">The decoder's layer.</param>
public sealed record DecoderFlowScore(Layer Layer) : Score
{
    Signal Query => new Signal.TextStates(Layer, TokenState.Query);

    Signal Keys => new Signal.DecoderStates(Layer, TokenState.Key);

    Signal TextValues => new Signal.TextStates(Layer, TokenState.Value);

    Signal Values => new Signal.DecoderStates(Layer, TokenState.Value);

    /// <inheritdoc/>
    public override Signals Needs => Signals.Of(Query, Keys, TextValues, Values);

    /// <inheritdoc/>
    public override Tensor Of(PruningContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var values = context[Values];
        var relation = OneQueryAttention.Of(context[Query].select(1, -1), context[Keys]);
        var likeness = OneQueryAttention.Of(context[TextValues].select(1, -1), values);
        return Primitives.InformationFlow.Scores(relation, likeness, values.mean([0], type: ScalarType.Float32));
    }

    /// <inheritdoc/>
    public override string ToString() => $"information flow to the last token in the {Layer}";
}
