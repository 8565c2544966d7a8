using PruneNotebooks.Models.Shapes;

namespace PruneNotebooks.Metrics;

/// <summary>The closed form by which papers count the FLOPs of a decoder, so that their tables can be checked. Not what a forward pass costs.</summary>
/// <remarks>
/// One layer with n tokens, width d and feed-forward width m: <c>4nd^2 + 2n^2 d + 2ndm</c> (FastV, arXiv 2403.06764, Eq. 5; DivPrune, arXiv 2503.02175, whose
/// Eq. 5 prints a minus sign that neither its code nor its tables have), or with the three matrices of a gated feed-forward <c>3ndm</c>
/// (TransPrune's and others' tables). A multiplication and addition count as one; grouped queries, norms, vocabulary and vision tower are left out.
/// Papers also differ in which tokens n counts. Never compare such numbers across papers. What a model really costs: <see cref="NetworkShape.Cost"/>.
/// </remarks>
/// <param name="Width">Hidden width d.</param>
/// <param name="FeedForward">Width m of the feed-forward part.</param>
/// <param name="Layers">Number of layers.</param>
public sealed record PublishedFlops(int Width, int FeedForward, int Layers)
{
    /// <summary>Matrices of the feed-forward part that the formula counts: 2, or 3 if gated.</summary>
    public int FeedForwardMatrices { get; init; } = 2;

    /// <summary>The formula with two feed-forward matrices for a decoder, whatever it has in fact.</summary>
    public static PublishedFlops Of(DecoderShape decoder)
    {
        ArgumentNullException.ThrowIfNull(decoder);
        return new(decoder.Block.Width, decoder.Block.FeedForward, decoder.Layers);
    }

    /// <summary>The same formula for a vision tower (ToMe, GTP-ViT, AS-ViT).</summary>
    public static PublishedFlops Of(TowerShape tower)
    {
        ArgumentNullException.ThrowIfNull(tower);
        return new(tower.Block.Width, tower.Block.FeedForward, tower.Blocks);
    }

    /// <summary>One layer that sees <paramref name="tokens"/> tokens; some papers count fractions of a token.</summary>
    public double Layer(double tokens) => Layer(tokens, tokens);

    /// <summary>One layer in which tokens leave between attention and feed-forward part (ToMe, GTP-ViT).</summary>
    /// <param name="attention">Tokens in attention.</param>
    /// <param name="feedForward">Tokens in the feed-forward part.</param>
    public double Layer(double attention, double feedForward) => Attention(attention, attention) + FeedForwardMatrices * feedForward * Width * FeedForward;

    /// <summary>All layers, every one with <paramref name="tokens"/> tokens.</summary>
    public double Total(double tokens) => Layers * Layer(tokens);

    /// <summary>All layers, of which the first <paramref name="before"/> see <paramref name="tokens"/> tokens and the others <paramref name="kept"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are not so many layers.</exception>
    public double Total(double tokens, double kept, int before)
    {
        if (before < 0 || before > Layers) throw new ArgumentOutOfRangeException(nameof(before), before, $"Tokens leave before one of {Layers} layers, 0 to {Layers}; it was {before}.");
        return before * Layer(tokens) + (Layers - before) * Layer(kept);
    }

    /// <summary>The mean over the layers, which some tables print in place of the total.</summary>
    /// <inheritdoc cref="Total(double, double, int)"/>
    public double PerLayer(double tokens, double kept, int before) => Total(tokens, kept, before) / Layers;

    /// <summary>Any number of tokens in each layer, e.g. <c>plan.VisualTokens(576, 32).ByLayer</c>. Layers that the list leaves out see none.</summary>
    public double Total(IEnumerable<int> byLayer)
    {
        ArgumentNullException.ThrowIfNull(byLayer);
        return byLayer.Sum(tokens => Layer(tokens));
    }

    /// <summary>Decoding L tokens one by one after n: <c>T(4Ld^2 + 2Ldm + dL(2n + L - 1))</c> (ToDRE, arXiv 2505.18757, Eq. 2).</summary>
    /// <param name="prompt">Tokens before the answer, n.</param>
    /// <param name="answer">Tokens of the answer, L.</param>
    public double Decode(int prompt, int answer) =>
        Layers * (Attention(answer, prompt + (answer - 1) / 2.0) + (double)FeedForwardMatrices * answer * Width * FeedForward); // the mean number of tokens that come before

    double Attention(double tokens, double keys) => 4 * tokens * Width * Width + 2 * tokens * keys * Width;
}
