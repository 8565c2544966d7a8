using PruneNotebooks.Parts;
using PruneNotebooks.Primitives;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Pruners;

/// <summary>What ToDRE's first stage maximises.</summary>
public enum ToDreDiversity
{
    /// <summary>The sum of distances: version 2 of the paper.</summary>
    MaxSum,

    /// <summary>The smallest distance (k-center): version 1 and the abstract.</summary>
    KCenter,
}

/// <summary>ToDRE, stage 1: tokens that differ from each other, beginning with the one that the class token attends to most. Stage 2 is <see cref="ToDreWithdrawal"/>.</summary>
/// <remarks>
/// <para><i>ToDRE: Effective Visual Token Pruning via Token Diversity and Task Relevance</i>, arXiv 2505.18757 v2, 2025. No code was published.</para>
/// <para>
/// Each choice has the least sum of cosines to what is kept, among the tokens in the decoder's embedding space. The two versions of the paper choose different sets.
/// With tiles only the base crop's tokens compete for the first place; of a video all frames' do.
/// </para>
/// <para>Cost: <see cref="MaxSumDiversity"/>, N D K or N^2 D / 2, whichever is less, and O(N K).</para>
/// </remarks>
public sealed record ToDre : ComposedMethod
{
    /// <summary>What is maximised.</summary>
    public ToDreDiversity Diversity { get; init; } = ToDreDiversity.MaxSum;

    /// <summary>Whose highest score is the first token. For towers without a class token the paper draws it: <c>Score.Random(seed)</c>.</summary>
    public Score Pivot { get; init; } = Score.ClsAttention(Layer.Last);

    /// <inheritdoc/>
    public override Composition Parts => Pivot.Then(Diversity == ToDreDiversity.MaxSum ? Choose.MaxSum() : Choose.KCenter());

    /// <summary>The paper's plan: stage 1 behind the projector, stage 2 at 7/8 of the decoder's depth (before layer 28 of 32).</summary>
    /// <param name="keep">How many tokens stage 1 leaves.</param>
    /// <param name="model">In which model.</param>
    public PruningPlan Plan(TokenBudget keep, ModelDimensions model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return PruningPlan.At(Stage.Projector, this, keep).Then(Stage.Decoder(model.DecoderLayer(28)), new ToDreWithdrawal(), TokenBudget.All);
    }
}
