using PruneNotebooks.Parts;
using PruneNotebooks.Primitives;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Pruners;

/// <summary>AgilePruner: walks down the class token's attention and removes the neighbours of every token it keeps, more widely the further down and the richer the picture.</summary>
/// <remarks>
/// <para><i>AgilePruner: An Empirical Study of Attention and Diversity for Adaptive Visual Token Pruning in Large Vision-Language Models</i>, arXiv 2603.01236, ICLR 2026. No code was published.</para>
/// <para>
/// The token at place r of the whole ranking (removed ones count) removes all within a cosine distance of <c>min(r * erank / AverageRank * Step, MostDistance)</c>. Rich pictures (high
/// effective rank) are thinned to diverse tokens, simple ones keep what is attended to. If the ranking ends early, removed tokens come back, most attended first.
/// </para>
/// <para>Cost: O(N D K) and one spectrum, N D min(N, D).</para>
/// </remarks>
public sealed record AgilePruner : ComposedMethod
{
    /// <summary>By how much the distance grows from place to place for an average picture.</summary>
    public double Step { get; init; } = 0.01;

    /// <summary>Mean effective rank of the pictures that a model is used on. About 95 for LLaVA-1.5; every other tower needs its own (<see cref="EffectiveRank.Of"/>, mean over pictures).</summary>
    public double AverageRank
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(AverageRank), value, $"A mean effective rank is positive; it was {value}.");
    } = 95;

    /// <summary>The largest cosine distance within which tokens are removed. Not given in the paper.</summary>
    public double MostDistance { get; init; } = 0.25;

    /// <summary>The tower's layer whose class token is asked; by default the one that the tokens come from.</summary>
    public Layer Layer { get; init; } = Layer.Features;

    /// <summary>Whether distances and effective rank are those of the tower's features rather than of the projected tokens; papers on such ranks do either.</summary>
    public bool BeforeProjector { get; init; }

    SuppressionChoice Walk => new(Step, AverageRank, MostDistance, BeforeProjector ? new Signal.VisionFeatures() : new Signal.Features());

    /// <inheritdoc/>
    public override Composition Parts => Score.ClsAttention(Layer).Then(Walk);

    /// <summary>In which order which tokens were kept, and within which distances they removed others.</summary>
    public Suppression Order(PruningContext context, TokenBudget budget)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(budget);
        using var scope = NewDisposeScope();
        return Walk.Walk(context, Ranking.Of(Score.ClsAttention(Layer).Of(context)), budget.Resolve(context.Tokens));
    }
}
