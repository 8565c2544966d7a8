using System.Globalization;
using PruneNotebooks.Primitives;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Parts;

public abstract partial record Score
{
    /// <summary>Attention from those patches that are attended to themselves (<see cref="Primitives.FlowImportance"/>).</summary>
    /// <param name="threshold">A patch counts if it receives more than this times the mean.</param>
    /// <param name="layer">The tower's layer; by default the one that the tokens come from.</param>
    /// <param name="alpha">Weight of the softmax of <paramref name="entropy"/>.</param>
    /// <param name="entropy">Entropy of each patch of the picture (<see cref="PatchEntropy"/>); needed if <paramref name="alpha"/> is not 0.</param>
    public static Score FlowImportance(double threshold, Layer layer = default, double alpha = 0, IReadOnlyList<double>? entropy = null) =>
        new FlowImportanceScore(new Signal.VisionAttention(layer, Queries.Visual), threshold, alpha, entropy);
}

/// <summary>Importance by attention from important patches.</summary>
/// <param name="Attention">Attention among the patches, <c>[H, N, N]</c>.</param>
/// <param name="Threshold">A patch counts if it receives more than this times the mean.</param>
/// <param name="Alpha">Weight of the entropy.</param>
/// <param name="Entropy">Entropy of each patch, or none.</param>
public sealed record FlowImportanceScore(Signal.VisionAttention Attention, double Threshold, double Alpha, IReadOnlyList<double>? Entropy) : Score
{
    /// <inheritdoc/>
    public override Signals Needs => Attention;

    /// <inheritdoc/>
    public override Tensor Of(PruningContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var attention = context[Attention];
        var entropy = Entropy is null ? null : tensor([.. Entropy], ScalarType.Float64, attention.device);
        return tensor(Primitives.FlowImportance.Of(attention, Threshold, entropy, Alpha).Scores, device: attention.device);
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"attention of patches that receive {Threshold:0.###} times the mean in the {Attention.Layer}");
}
