using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Parts;

public abstract partial record Score
{
    /// <summary>How strongly the layers before the stage change a token (<see cref="Primitives.TokenTransition"/>): attention plus feed-forward part, summed over layers.</summary>
    /// <param name="layers">How many layers, counted back from the stage.</param>
    /// <param name="ignoreSign">Whether opposite directions count as alike.</param>
    public static Score Transition(int layers = 1, bool ignoreSign = false) => new Transition(layers, ignoreSign);
}

/// <summary>Transition of the tokens in the last few layers.</summary>
/// <param name="Layers">How many.</param>
/// <param name="IgnoreSign">Whether opposite directions count as alike.</param>
public sealed record Transition(int Layers, bool IgnoreSign) : Score
{
    IEnumerable<Signal> ByLayer => Enumerable.Range(1, Layers).Select(distance => new Signal.DecoderTransition(Layer.BeforeStageBy(distance), IgnoreSign));

    /// <inheritdoc/>
    public override Signals Needs => Signals.Of(ByLayer);

    /// <inheritdoc/>
    public override Tensor Of(PruningContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return cat([.. ByLayer.Select(signal => context[signal])]).sum(0, type: ScalarType.Float32);
    }

    /// <inheritdoc/>
    public override string ToString() => Layers == 1 ? "transition in the layer before the stage" : $"transition in the {Layers} layers before the stage";
}
