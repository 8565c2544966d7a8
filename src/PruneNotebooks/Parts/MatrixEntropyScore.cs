using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Parts;

public abstract partial record Score
{
    /// <summary>Matrix entropy of each token's heads (<see cref="Primitives.MatrixEntropy"/>): high where they differ.</summary>
    /// <param name="layer">The decoder's layer.</param>
    /// <param name="state">Whose entropy it is.</param>
    /// <param name="headSize">Neighbouring dimensions of wider heads are averaged down to this many.</param>
    /// <param name="epsilon">Eigenvalues below are raised to this.</param>
    public static Score MatrixEntropy(Layer layer, TokenState state = TokenState.Query, int headSize = 128, double epsilon = 1e-10) => new MatrixEntropyScore(new(layer, state), headSize, epsilon);
}

/// <summary>Matrix entropy of each token's heads.</summary>
/// <param name="States">Which heads.</param>
/// <param name="HeadSize">Wider heads are averaged down to this.</param>
/// <param name="Epsilon">Eigenvalues below are raised to this.</param>
public sealed record MatrixEntropyScore(Signal.DecoderStates States, int HeadSize, double Epsilon) : Score
{
    /// <inheritdoc/>
    public override Signals Needs => States;

    /// <inheritdoc/>
    public override Tensor Of(PruningContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var heads = context[States];
        return Primitives.MatrixEntropy.OfTokens(heads, heads.shape[^1] > HeadSize ? HeadSize : null, Epsilon);
    }

    /// <inheritdoc/>
    public override string ToString() => $"matrix entropy of {States.Description}";
}
