using PruneNotebooks.Parts;
using PruneNotebooks.Primitives;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Pruners;

/// <summary>FlowCut: lets patches leave inside the vision tower, at every second layer, the more the class token's attention is concentrated; those stay through which most information flows.</summary>
/// <remarks>
/// <para><i>FlowCut: Rethinking Redundancy via Information Flow for Efficient Vision-Language Models</i>, arXiv 2505.19536, NeurIPS 2025.</para>
/// <para>
/// This is one step, behind one block of the tower; <see cref="Plan"/> has all of them. The score is that of <see cref="InformationFlow"/>, averaged with the steps before; how many leave is
/// <see cref="InformationFlow.Leaving"/>. A step at which nobody leaves still hands its scores on, and before the last one more than the budget may stay. The last cut lies two blocks before the last of the tower, one before the features are read.
/// The paper calls the likeness of values a cosine; the code, and this, takes the softmax of products that are not scaled, the class token itself among them. Batches share the largest cut in the code; here every picture has its own.
/// </para>
/// <para>Cost: O(H N d + N log N) a block, and one attention row; later blocks of the tower get shorter.</para>
/// </remarks>
public sealed record FlowCut : ComposedMethod
{
    /// <summary>How many blocks are still to come until exactly the budget must be left; 0 at the last chance.</summary>
    public int Remaining
    {
        get;
        init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(Remaining), value, $"Blocks to come are 0 or more; they were {value}.");
    }

    /// <summary>Whether there are scores of a block before to average with: at all blocks but the first.</summary>
    public bool Averages { get; init; }

    /// <summary>The share of the earlier scores in the running average.</summary>
    public double Decay
    {
        get;
        init => field = value is >= 0 and < 1 ? value : throw new ArgumentOutOfRangeException(nameof(Decay), value, $"The share of earlier scores is 0 or more and below 1; it was {value}.");
    } = 0.5;

    /// <summary>Patches leave at every how manieth block.</summary>
    public int Every
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Every), value, $"Patches leave at every block (1) or at fewer; it was {value}.");
    } = 2;

    /// <inheritdoc/>
    public override Composition Parts =>
        (Averages ? Score.InformationFlow().AveragedWithEarlier(Decay) : Score.InformationFlow()).Then(Choose.AsAttentionConcentrates(Remaining, Every));

    /// <summary>The plan of the paper: a step behind every block before the one whose output becomes the tokens.</summary>
    /// <param name="keep">How many patches are left in the end.</param>
    /// <param name="model">In which model.</param>
    /// <param name="surplus">1 for LLaVA-1.5. Above 1 as for LLaVA-NeXT (2.5: five tiles, each with half of the budget): the tower leaves that many times the budget, and a last cut to the budget follows behind the second decoder layer, by information flow to the last token of the prompt.</param>
    /// <exception cref="ArgumentException">The tokens come from the tower's first block, before which nobody can leave.</exception>
    public static PruningPlan Plan(TokenBudget keep, ModelDimensions model, double surplus = 1)
    {
        ArgumentNullException.ThrowIfNull(keep);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentOutOfRangeException.ThrowIfLessThan(surplus, 1);
        if (model.FeatureLayer < 1) throw new ArgumentException($"FlowCut needs a block before the one that gives the tokens; that is block {model.FeatureLayer}, counted from 0.", nameof(model));
        int count = keep.Resolve(model.Tokens);
        if (count == 0) return PruningPlan.None.ThenWithdraw(Stage.Projector);
        int left = Math.Min(model.Tokens, (int)(surplus * count));
        var tower = Enumerable.Range(0, model.FeatureLayer).Aggregate(PruningPlan.None, (plan, block) =>
            plan.Then(Stage.Vision(block + 1), new FlowCut { Remaining = model.FeatureLayer - 1 - block, Averages = block > 0 }, left));
        return surplus > 1 ? tower.Then(Stage.Decoder(model.DecoderLayer(2)), InDecoder, count) : tower;
    }

    /// <summary>The cut inside the decoder, behind its second layer.</summary>
    public static Composition InDecoder { get; } = Score.DecoderInformationFlow().Then(Choose.Top).Named("FlowCut in the decoder");
}
