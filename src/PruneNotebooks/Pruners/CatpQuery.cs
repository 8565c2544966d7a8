using PruneNotebooks.Primitives;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Pruners;

/// <summary>CATP, last stage: of the last picture, keeps the tokens that resemble what is left of the demonstrations.</summary>
/// <remarks>
/// arXiv 2508.07871 (<see cref="Catp.Query"/>): the cosine of a token at the stage with the mean of all tokens that are left of the demonstrations, pictures and texts. Demonstrations keep all tokens.
/// Without demonstrations the text behind the picture stands in for them. O(N D + N log N).
/// </remarks>
public sealed record CatpQuery : IJointPruner
{
    static readonly Signal Text = new Signal.PairedText();

    internal CatpQuery()
    {
    }

    /// <inheritdoc/>
    public Signals Needs => Signals.Of(new Signal.Features(), Text);

    /// <inheritdoc/>
    public TokenSelection Select(PruningContext context, TokenBudget budget) => SelectJointly([context], budget)[0];

    /// <inheritdoc/>
    public IReadOnlyList<TokenSelection> SelectJointly(IReadOnlyList<PruningContext> images, TokenBudget budget)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(budget);
        if (images.Count == 0) return [];
        using var scope = NewDisposeScope();
        var demonstrations = images.SkipLast(1).ToList();
        var query = images[^1];
        Tensor[] seen = demonstrations.Count == 0 ? [query[Text]] : [.. demonstrations.SelectMany(image => new[] { image.Features, image[Text] })];
        var ranking = Ranking.Of(TextSimilarity.ToMean(query.Features, cat(seen)));
        return [.. demonstrations.Select(image => TokenSelection.All(image.Tokens)), new TokenSelection(ranking.Top(budget.Resolve(query.Tokens)), query.Tokens, ranking.Scores)];
    }

    /// <inheritdoc/>
    public override string ToString() => "CATP's query";
}
