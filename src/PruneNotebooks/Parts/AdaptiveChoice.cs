using PruneNotebooks.Primitives;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Parts;

public static partial class Choose
{
    /// <summary>The highest scores: more than the budget while there are layers to come, the fewer the more the class token's attention is concentrated.</summary>
    /// <param name="remaining">How many layers are still to come until exactly the budget must be left; 0 at the last.</param>
    /// <param name="every">Tokens leave at every how manieth layer, counted back from the last.</param>
    /// <param name="layer">The tower's layer whose attention decides; by default the one before the stage.</param>
    public static Choice AsAttentionConcentrates(int remaining, int every = 2, Layer? layer = null) => new AdaptiveChoice(remaining, every, new Signal.VisionAttention(layer ?? Layer.BeforeStage));
}

/// <summary>Top-k with a k that adapts to how concentrated attention is (<see cref="InformationFlow.Leaving"/>).</summary>
/// <param name="Remaining">Layers to come until exactly the budget must be left.</param>
/// <param name="Every">Tokens leave at every how manieth layer, counted back from the last.</param>
/// <param name="Attention">The attention that decides.</param>
public sealed record AdaptiveChoice(int Remaining, int Every, Signal.Attention Attention) : Choice
{
    /// <inheritdoc/>
    public override Signals Needs => Attention;

    /// <inheritdoc/>
    public override Chosen Pick(PruningContext context, Ranking ranking, int count)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(ranking);
        if (Remaining % Every != 0) return new(ranking.Order);
        using var scope = NewDisposeScope();
        int leaving = InformationFlow.Leaving(new MeanAttention(Attention).Of(context), Remaining, count);
        return new(ranking.Top(Math.Max(context.Tokens - leaving, count)));
    }

    /// <inheritdoc/>
    public override string ToString() => Remaining == 0 ? "top-k" : $"top-k, more while attention is spread ({Remaining} layers to come)";
}
