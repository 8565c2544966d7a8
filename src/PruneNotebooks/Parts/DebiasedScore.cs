using PruneNotebooks.Primitives;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Parts;

public abstract partial record Score
{
    /// <summary>This score divided by what depends on a token's place alone (arXiv 2508.17807), and zero for padding.</summary>
    /// <param name="trend">The trend, fitted on this very score; <see langword="null"/> for padding alone.</param>
    /// <param name="padding">Which tokens show the picture; <see langword="null"/> if all do.</param>
    public Score Debiased(PositionTrend? trend = null, PaddingMask? padding = null) => new DebiasedScore(this, trend ?? PositionTrend.None, padding);
}

/// <summary>A score without its dependence on place.</summary>
/// <param name="Inner">The score.</param>
/// <param name="Trend">How it depends on place.</param>
/// <param name="Padding">Which tokens show the picture.</param>
public sealed record DebiasedScore(Score Inner, PositionTrend Trend, PaddingMask? Padding) : Score
{
    /// <inheritdoc/>
    public override Signals Needs => Inner.Needs;

    /// <inheritdoc/>
    public override Tensor Of(PruningContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        var score = Inner.Of(context);
        return score.mul(PlaceWeights.Of(context, Trend, Padding, score.device));
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Inner}, debiased";
}

/// <summary>What debiasing multiplies a token's attention by.</summary>
static class PlaceWeights
{
    /// <summary>Float32 <c>[N]</c>: the trend's weight of the token's place, 0 for padding.</summary>
    public static Tensor Of(PruningContext context, PositionTrend trend, PaddingMask? padding, Device device)
    {
        double[] weights = trend.Weights(context.PlaceCount);
        bool[]? shown = padding?.Shown(context);
        return tensor([.. Enumerable.Range(0, context.Tokens).Select(token => shown?[token] == false ? 0 : (float)weights[context.PlaceOf(token)])], ScalarType.Float32, device);
    }
}
