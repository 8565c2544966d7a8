using PruneNotebooks.Parts;
using PruneNotebooks.Primitives;

namespace PruneNotebooks.Pruners;

/// <summary>ZOO-Prune: greedily keeps the token with the largest product of the projector's sensitivity to it and its distance to what is kept. No attention, no gradients.</summary>
/// <remarks>
/// <para><i>Training-Free Token Pruning via Zeroth-Order Gradient Estimation in Vision-Language Models</i>, arXiv 2509.24837, CVPR 2026.</para>
/// <para>
/// Sensitivity is measured before the projector (<see cref="ProjectorSensitivity"/>), distances are those of the projected tokens. The authors draw new directions for each
/// picture and round moved tokens to half precision, which loses much of the move; here a seed decides, and tokens keep their precision. Their budget is the kept share, rounded down
/// (0.1112 of 576 is 64). For a linear projector all tokens are equally sensitive, and distance alone decides. Positions are consecutive.
/// </para>
/// <para>Cost: 2 M N passes through the projector, half a prefill of 576 tokens in FLOPs for M = 64; then <see cref="WeightedMaxMin"/>.</para>
/// </remarks>
public sealed record ZooPrune : ComposedMethod
{
    /// <summary>Along how many random directions tokens are moved, M.</summary>
    public int Directions
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Directions), value, $"Tokens are moved along one direction or more; it was {value}.");
    } = 64;

    /// <summary>How far tokens are moved, h; the paper tries 0.0001 to 1.</summary>
    public double Step
    {
        get;
        init => field = value is > 0 and < double.PositiveInfinity ? value : throw new ArgumentOutOfRangeException(nameof(Step), value, FormattableString.Invariant($"Tokens are moved by more than 0; the step was {value}."));
    } = 0.01;

    /// <summary>The same seed gives the same directions.</summary>
    public long Seed { get; init; }

    /// <inheritdoc/>
    public override Composition Parts => Score.Sensitivity(Directions, Step, Seed).Then(Choose.WeightedMaxMin());
}
