using PruneNotebooks.Primitives;
using PruneNotebooks.Runtime;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Pruners;

/// <summary>CATP, second stage: of all pictures but the last, keeps the tokens to which the question's attention has just grown and that resemble the question and its picture.</summary>
/// <remarks>
/// <para>arXiv 2508.07871 (<see cref="Catp.Context"/>). <c>max(0, A_K - A_(K-1)) + lambda cos(h, v)</c>: attention of the last prompt token, mean over heads, in the two layers before the stage; h the token
/// at the stage, v the mean of the last picture's tokens and of the text behind it. Attention is of the size of 1 / length, so the cosine decides unless attention is peaked; it is not renormalised.</para>
/// <para>All demonstrations are ranked together and may keep different numbers of tokens, even none; on average as many as the budget says. The last picture keeps all. A picture alone is weighed as a
/// demonstration is, by the text behind it.</para>
/// <para>Cost: O(N (H + D) + N log N) for N tokens of all pictures.</para>
/// </remarks>
public sealed record CatpContext : IJointPruner
{
    static readonly Signal Now = new Signal.DecoderAttention(Layer.BeforeStage), Before = new Signal.DecoderAttention(Layer.BeforeStageBy(2)), Text = new Signal.PairedText();

    internal CatpContext(double likeness) => Likeness = likeness;

    /// <summary>Weight of the likeness to the question (the paper's lambda 2).</summary>
    public double Likeness { get; }

    /// <inheritdoc/>
    public Signals Needs => Signals.Of(new Signal.Features(), Now, Before, Text);

    /// <inheritdoc/>
    public TokenSelection Select(PruningContext context, TokenBudget budget) => SelectJointly([context], budget)[0];

    /// <inheritdoc/>
    public IReadOnlyList<TokenSelection> SelectJointly(IReadOnlyList<PruningContext> images, TokenBudget budget)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(budget);
        if (images.Count == 0) return [];
        using var scope = NewDisposeScope();
        bool alone = images.Count == 1;
        var (demonstrations, query) = (alone ? images : [.. images.SkipLast(1)], images[^1]);
        var question = alone ? query[Text] : cat([query.Features, query[Text]]);
        var ranking = Ranking.Of(cat([.. demonstrations.Select(image => Scores(image, question))]));
        bool[] stays = new bool[ranking.Count];
        foreach (long token in ranking.Top(demonstrations.Sum(image => budget.Resolve(image.Tokens)))) stays[token] = true;
        int first = 0;
        var chosen = demonstrations.Select(Of).ToList();
        return alone ? chosen : [.. chosen, TokenSelection.All(query.Tokens)];

        TokenSelection Of(PruningContext image)
        {
            int start = first;
            first += image.Tokens;
            return new TokenSelection(Enumerable.Range(0, image.Tokens).Where(token => stays[start + token]).Select(token => (long)token), image.Tokens, ranking.Scores[start..first]);
        }
    }

    Tensor Scores(PruningContext image, Tensor question)
    {
        var grown = Ranking.MeanAttention(image[Now]).sub(Ranking.MeanAttention(image[Before])).clamp_min_(0.ToCachedScalar());
        return grown.add_(TextSimilarity.ToMean(image.Features, question).mul_(Likeness.ToCachedScalar()));
    }

    /// <inheritdoc/>
    public override string ToString() => "CATP's context";
}
