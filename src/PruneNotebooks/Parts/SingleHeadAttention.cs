using PruneNotebooks.Primitives;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Parts;

public abstract partial record Score
{
    /// <summary>Attention of the vision tower's class token as if the layer had a single head as wide as the tower (PruMerge, arXiv 2403.15388): the class token's own part cut off, the rest not renormalised.</summary>
    /// <param name="layer">The tower's layer.</param>
    public static Score SingleHeadClsAttention(Layer layer) => new SingleHeadAttention(layer);
}

/// <summary>Softmax of <c>q k / sqrt(C)</c> over class token and patches, C being the width of all heads together. Not the model's own attention, which knows heads.</summary>
/// <param name="Layer">The tower's layer.</param>
public sealed record SingleHeadAttention(Layer Layer) : Score
{
    Signal Query => new Signal.ClsState(Layer, TokenState.Query);

    Signal ClassKey => new Signal.ClsState(Layer, TokenState.Key);

    Signal Keys => new Signal.VisionStates(Layer, TokenState.Key);

    /// <inheritdoc/>
    public override Signals Needs => Signals.Of(Query, ClassKey, Keys);

    /// <inheritdoc/>
    public override Tensor Of(PruningContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        using var scope = NewDisposeScope();
        var keys = cat([context[Keys].transpose(0, 1).flatten(1), context[ClassKey].reshape(1, -1)]).unsqueeze(0);
        return OneQueryAttention.Of(context[Query].reshape(1, -1), keys).narrow(0, 0, context.Tokens).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override string ToString() => $"the class token's attention in the vision tower's {Layer}, heads as one";
}
