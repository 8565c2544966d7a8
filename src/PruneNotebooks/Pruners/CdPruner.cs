using PruneNotebooks.Parts;
using PruneNotebooks.Primitives;

namespace PruneNotebooks.Pruners;

/// <summary>CDPruner: the subset with the largest determinant of a kernel that joins how relevant tokens are for the question and how much they differ (a conditional DPP). No attention, no training.</summary>
/// <remarks>
/// <para><i>Beyond Attention or Similarity: Maximizing Conditional Diversity for Token Pruning in MLLMs</i>, arXiv 2506.10967, NeurIPS 2025.</para>
/// <para>
/// The authors compare CLIP's embeddings of patches and question, with the <b>negative</b> cosine: CLIP's map of relevance is inverted (<see cref="NegateRelevance"/>); the paper speaks of
/// the cosine itself. A model without CLIP's text tower is asked for the cosines of its visual tokens and the question's embeddings, with their sign. Relevance is stretched to 0 to 1
/// over all crops of a picture together (<see cref="DppChoice.Quality"/>); with tiles, every crop chooses alone, and <see cref="AnyResolution"/> puts tokens in order. Positions are consecutive.
/// </para>
/// <para>Cost: <see cref="DeterminantalGreedy"/>, N D K or N^2 D / 2, whichever is less, and O(N K^2).</para>
/// </remarks>
public sealed record CdPruner : ComposedMethod
{
    /// <summary>How relevant each token is for the question; the mean cosine with the question's tokens if not given.</summary>
    public Score Relevance { get; init; } = Score.TextMatch();

    /// <summary>Whether what is least relevant counts most: for embeddings of CLIP.</summary>
    public bool NegateRelevance { get; init; }

    /// <summary>Sharpens relevance, 0 to below 1; 0: relevance does not count. Not used in the authors' released code.</summary>
    public double? Theta
    {
        get;
        init => field = value is null or (>= 0 and < 1)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Theta), value, FormattableString.Invariant($"Theta is 0 to below 1, or none; it was {value}."));
    }

    /// <summary>What the least relevant token counts, relative to the range of relevance.</summary>
    public double Epsilon
    {
        get;
        init => field = value is > 0 and < double.PositiveInfinity ? value : throw new ArgumentOutOfRangeException(nameof(Epsilon), value, FormattableString.Invariant($"Epsilon is above 0; it was {value}."));
    } = 1e-6;

    /// <inheritdoc/>
    public override Composition Parts => (NegateRelevance ? -1.0 * Relevance : Relevance).Then(Choose.Dpp(Theta, Epsilon));
}
