using PruneNotebooks.Primitives;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Parts;

public abstract partial record Score
{
    /// <summary>Attention of the vision tower's class token, each head's softmax over the patches alone, mean over heads.</summary>
    /// <param name="layer">The tower's layer; by default the one that the tokens come from.</param>
    public static Score ClsQuery(Layer layer = default) => new ClsQueryScore(layer);
}

/// <summary>Attention of the class token to the patches, as if it were no key itself (<see cref="OneQueryAttention"/>).</summary>
/// <param name="Layer">The tower's layer.</param>
public sealed record ClsQueryScore(Layer Layer) : Score
{
    Signal Query => new Signal.ClsState(Layer, TokenState.Query);

    Signal Keys => new Signal.VisionStates(Layer, TokenState.Key);

    /// <inheritdoc/>
    public override Signals Needs => Signals.Of(Query, Keys);

    /// <inheritdoc/>
    public override Tensor Of(PruningContext context) => OneQueryAttention.Of((context ?? throw new ArgumentNullException(nameof(context)))[Query], context[Keys]);

    /// <inheritdoc/>
    public override string ToString() => $"the class token's attention among patches in the {Layer}";
}
