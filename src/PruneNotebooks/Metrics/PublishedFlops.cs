namespace PruneNotebooks.Metrics;

/// <summary>The closed form by which papers count the FLOPs of a decoder, so that their tables can be checked. Not what a forward pass costs.</summary>
/// <remarks>
/// One layer with n tokens, width d and feed-forward width m: <c>4nd^2 + 2n^2 d + 2ndm</c> (FastV, arXiv 2403.06764, Eq. 5; DivPrune, arXiv 2503.02175, whose
/// Eq. 5 prints a minus sign that neither its code nor its tables have), or with the three matrices of a gated feed-forward <c>3ndm</c>
/// (TransPrune's and others' tables). A multiplication and addition count as one; grouped queries, norms, vocabulary and vision tower are left out.
/// Papers also differ in which tokens n counts. Never compare such numbers across papers.
/// </remarks>
/// <param name="Width">Hidden width d.</param>
/// <param name="FeedForward">Width m of the feed-forward part.</param>
/// <param name="Layers">Number of layers.</param>
public sealed record PublishedFlops(int Width, int FeedForward, int Layers)
{
    /// <summary>Matrices of the feed-forward part that the formula counts: 2, or 3 if gated.</summary>
    public int FeedForwardMatrices { get; init; } = 2;

    /// <summary>One layer that sees <paramref name="tokens"/> tokens.</summary>
    public double Layer(int tokens)
    {
        double n = tokens, d = Width, m = FeedForward;
        return 4 * n * d * d + 2 * n * n * d + FeedForwardMatrices * n * d * m;
    }

    /// <summary>All layers, every one with <paramref name="tokens"/> tokens.</summary>
    public double Total(int tokens) => Layers * Layer(tokens);

    /// <summary>All layers, of which the first <paramref name="before"/> see <paramref name="tokens"/> tokens and the others <paramref name="kept"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are not so many layers.</exception>
    public double Total(int tokens, int kept, int before)
    {
        if (before < 0 || before > Layers) throw new ArgumentOutOfRangeException(nameof(before), before, $"Tokens leave before one of {Layers} layers, 0 to {Layers}; it was {before}.");
        return before * Layer(tokens) + (Layers - before) * Layer(kept);
    }

    /// <summary>The mean over the layers, which some tables print in place of the total.</summary>
    /// <inheritdoc cref="Total(int, int, int)"/>
    public double PerLayer(int tokens, int kept, int before) => Total(tokens, kept, before) / Layers;
}
