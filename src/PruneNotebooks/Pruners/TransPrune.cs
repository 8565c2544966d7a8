using PruneNotebooks.Parts;
using PruneNotebooks.Primitives;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Pruners;

/// <summary>TransPrune: keeps the visual tokens that the decoder's middle layers change most, in size and direction, and to which the question attends.</summary>
/// <remarks>
/// <para><i>TransPrune: Token Transition Pruning for Efficient Large Vision-Language Model</i>, arXiv 2507.20630, CVPR 2026.</para>
/// <para>
/// Two scores, each divided by its sum over the visual tokens, are weighed and added: the transition (<see cref="TokenTransition"/>) of attention and feed-forward part, summed over the layers since accumulation began; and
/// the attention of the question's tokens in the layer that the tokens are about to enter, mean over heads and rows. The paper mentions no division by sums; the code has no weights, which are the
/// published 0.5 up to a factor. Its softmax over all tokens of the sequence, rather than the paper's over the visual ones, matters as soon as layers are summed.
/// Positions are renumbered at each stage. Published code does not repeat keys of grouped queries; here they are.
/// </para>
/// <para>Cost by stage: O(H N + M N + N log N) for M layers, and the attention rows of the question in one layer; transitions are norms and a dot product beside fused attention, O(T D) by layer.</para>
/// </remarks>
public sealed record TransPrune : ComposedMethod
{
    /// <summary>The paper's "High" budget, 41 % of LLaVA-1.5's visual FLOPs: 7/8 of the tokens before layer 7, 5/8 before 9, 1/8 before 12 of 32. Accumulation begins in the layer before the first stage.</summary>
    public static Schedule Stages { get; } = new(Of: 32, (7, 0.875), (9, 0.625), (12, 0.125));

    /// <summary>How many layers before the stage are summed: 1, 3 and 6 at the published stages.</summary>
    public int Layers
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Layers), value, $"Transitions of one layer or more are summed; it was {value}.");
    } = 1;

    /// <summary>Weight of the transition, 0 to 1; attention has the rest. The paper tests 0.4 to 0.6, and both alone.</summary>
    public double Alpha
    {
        get;
        init => field = value is >= 0 and <= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Alpha), value, $"The weight of the transition is 0 to 1; it was {value}.");
    } = 0.5;

    /// <summary>Whether a turn to the opposite direction counts as none, as in the paper's text, rather than as the largest, as in the authors' code.</summary>
    public bool IgnoreSign { get; init; }

    /// <inheritdoc/>
    public override Composition Parts =>
        (Alpha * Score.Transition(Layers, IgnoreSign).Normalised() + (1 - Alpha) * Score.DecoderAttention(Layer.AtStage, Queries.Text).Normalised()).Then(Choose.Top);

    /// <summary>The paper's plan: transitions accumulate from the layer before the first stage on.</summary>
    /// <param name="keep">How many tokens are left behind the last stage.</param>
    /// <param name="model">For which model.</param>
    public PruningPlan Plan(TokenBudget keep, ModelDimensions model)
    {
        var layers = Stages.Layers(model);
        return Stages.Plan(stage => this with { Layers = layers[stage] - layers[0] + 1 }, keep, model);
    }
}
