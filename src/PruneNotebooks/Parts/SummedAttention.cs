using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Parts;

public abstract partial record Score
{
    /// <summary>Attention of the vision tower's class token, summed over heads: for formulas in which the size of a score matters. <see cref="ClsAttention"/> ranks the same.</summary>
    /// <param name="layer">The tower's layer; by default the one that the tokens come from.</param>
    public static Score SummedClsAttention(Layer layer = default) => new SummedAttention(new Signal.VisionAttention(layer));
}

/// <summary>Attention summed over heads and, if there are several, queries.</summary>
/// <param name="Attention">The attention, <c>[H, N]</c> or <c>[H, Q, N]</c>.</param>
public sealed record SummedAttention(Signal.Attention Attention) : Score
{
    /// <inheritdoc/>
    public override Signals Needs => Attention;

    /// <inheritdoc/>
    public override Tensor Of(PruningContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context[Attention].reshape(-1, context.Tokens).sum(0, type: ScalarType.Float32);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Attention.Description}, summed";
}
