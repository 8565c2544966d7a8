using PruneNotebooks.Parts;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Pruners;

/// <summary>VScan: half of the tokens by the class token's attention in a deep layer, half by that in a shallow one, spread over windows; the others merge into these. In the middle of the decoder two thirds of them leave.</summary>
/// <remarks>
/// <para><i>VScan: Rethinking Visual Token Reduction for Efficient Large Vision-Language Models</i>, arXiv 2505.22654, TMLR 2026.</para>
/// <para>
/// This is the first stage, behind the projector; <see cref="InDecoder"/> is the second, and <see cref="Plan"/> both, positions renumbered at each. The authors' code loses what windows cannot share
/// evenly, so that fewer tokens stay than asked for; here it goes to the deep layer's choice unless <see cref="Exact"/> is off. Where the windows get no token each, all are chosen by the deep layer.
/// The second stage reads the attention of the layer that tokens are about to enter, not, as FastV, of the one before.
/// </para>
/// <para>Cost: O(H N + N log N), and O(K N D) to merge.</para>
/// </remarks>
public sealed record VScan : ComposedMethod
{
    /// <summary>The layer that sees details, by depth: the sixth of CLIP's 24.</summary>
    public Layer ShallowLayer { get; init; } = Layer.AtDepth(6 / 24.0);

    /// <summary>The layer that sees the whole; by default the one that the tokens come from.</summary>
    public Layer DeepLayer { get; init; } = Layer.Features;

    /// <summary>Rows and columns of a window. Qwen2.5-VL: 4.</summary>
    public int Window
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Window), value, $"A window has one row or more; it was {value}.");
    } = 6;

    /// <summary>Whether the tower has a class token. Without (Qwen2.5-VL), attention is that received from all patches, and windows are filled by one walk on grids of any shape.</summary>
    public bool ClassToken { get; init; } = true;

    /// <summary>How much a kept token counts beside one that merges into it.</summary>
    public double OwnWeight
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(OwnWeight), value, $"The weight of a kept token is positive; it was {value}.");
    } = 1;

    /// <summary>Whether the budget is met exactly; off, as in the authors' code, fewer tokens may stay.</summary>
    public bool Exact { get; init; } = true;

    /// <inheritdoc/>
    public override Composition Parts => At(DeepLayer)
        .Then(Choose.WindowsThenTop(At(ShallowLayer), Window, capped: !ClassToken, Exact))
        .Then(Mend.MergeInto(ownWeight: OwnWeight));

    /// <summary>The second stage: the tokens to which the last token of the prompt would attend most in the layer that they are about to enter.</summary>
    public static Composition InDecoder { get; } = Score.DecoderAttention(Layer.AtStage).Then(Choose.Top).Named("VScan in the decoder");

    /// <summary>Both stages: three times as many tokens behind the projector as from the middle of the decoder on.</summary>
    /// <param name="keep">How many tokens are left in the end. LLaVA-1.5: 32 for an average of 64.</param>
    /// <param name="model">For which model.</param>
    public PruningPlan Plan(TokenBudget keep, ModelDimensions model)
    {
        ArgumentNullException.ThrowIfNull(keep);
        ArgumentNullException.ThrowIfNull(model);
        int last = keep.Resolve(model.Tokens);
        return PruningPlan.At(Stage.Projector, this, Math.Min(3 * last, model.Tokens)).Then(Stage.Decoder(model.DecoderLayer(16)), InDecoder, last);
    }

    Score At(Layer layer) => ClassToken ? Score.ClsAttention(layer) : Score.ReceivedAttention(layer);
}
