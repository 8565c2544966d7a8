using PruneNotebooks.Parts;
using PruneNotebooks.Primitives;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Pruners;

/// <summary>ToDRE, stage 2: once the question hardly attends to the picture any more, all visual tokens leave; before that, none. Whatever the budget.</summary>
/// <remarks>
/// <para><i>ToDRE: Effective Visual Token Pruning via Token Diversity and Task Relevance</i>, arXiv 2505.18757 v2, 2025.</para>
/// <para>
/// The paper asks for the share of the question's attention that goes to the picture and the share of the picture's that goes to the question, both below
/// <see cref="Threshold"/>. In a causal decoder with the picture before the question the second is 0 (<see cref="CrossModalShare"/> has both); rows of attention sum to one,
/// so that the first is the sum over visual tokens of the mean over heads and question tokens. It runs at 7/8 of the depth, in prefill; positions of the text stay as they were.
/// </para>
/// <para>Cost: O(H N), and the attention of the question's rows in one layer.</para>
/// </remarks>
public sealed record ToDreWithdrawal : ITokenPruner
{
    /// <summary>The share of attention below which visual tokens are of no use any more, 0 to 1; 0: they always stay.</summary>
    public double Threshold
    {
        get;
        init => field = value is >= 0 and <= 1
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Threshold), value, FormattableString.Invariant($"The threshold is a share of attention, 0 to 1; it was {value}."));
    } = 0.10;

    /// <summary>The decoder's layer whose attention is looked at; the one before the stage.</summary>
    public Layer Layer { get; init; } = Layer.BeforeStage;

    Score Received => Score.DecoderAttention(Layer, Queries.Text);

    /// <inheritdoc/>
    public Signals Needs => Received.Needs;

    /// <inheritdoc/>
    /// <remarks>The scores are each token's part of the question's attention.</remarks>
    public TokenSelection Select(PruningContext context, TokenBudget budget)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(budget);
        bool nothing = budget.Resolve(context.Tokens) == 0;
        using var scope = NewDisposeScope();
        float[] scores = Ranking.Of(Received.Of(context)).Scores;
        bool leave = nothing || scores.Sum(score => (double)score) < Threshold;
        return new TokenSelection(leave ? [] : Enumerable.Range(0, context.Tokens).Select(i => (long)i), context.Tokens, scores);
    }
}
