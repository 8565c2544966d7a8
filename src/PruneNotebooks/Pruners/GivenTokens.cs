using PruneNotebooks.Tokens;

namespace PruneNotebooks.Pruners;

/// <summary>A selection that was made elsewhere - by another program, by hand, or from an earlier trace - image by image.</summary>
/// <remarks>The lists alone decide; the budget of the step is not looked at. Tokens are named by their place on the image's grid, so the same list also works after other steps.</remarks>
public sealed record GivenTokens : ITokenPruner
{
    readonly IReadOnlyList<IReadOnlyList<long>> kept;

    /// <summary>Keeps these places.</summary>
    /// <param name="kept">By image of the prompt: the places that stay.</param>
    public GivenTokens(params IReadOnlyList<IReadOnlyList<long>> kept) => this.kept = kept;

    /// <summary>Keeps tokens that are counted through all images of a prompt.</summary>
    /// <param name="kept">Ordinals among all visual tokens of the prompt.</param>
    /// <param name="tokens">Visual tokens of each image.</param>
    public static GivenTokens OfPrompt(IReadOnlyList<long> kept, IReadOnlyList<int> tokens)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        List<IReadOnlyList<long>> byImage = [];
        long first = 0;
        foreach (int count in tokens)
        {
            byImage.Add([.. kept.Where(token => token >= first && token < first + count).Select(token => token - first)]);
            first += count;
        }
        return new GivenTokens(byImage);
    }

    /// <inheritdoc/>
    public Signals Needs => Signals.None;

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">There is no list for this image, or a token on it has not arrived.</exception>
    public TokenSelection Select(PruningContext context, TokenBudget budget)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.Image >= kept.Count) throw new InvalidOperationException($"Kept tokens are given for {kept.Count} images, but this is image {context.Image} of the prompt, counted from 0.");
        long[] places = context.Places is null ? [.. Enumerable.Range(0, context.Tokens).Select(i => (long)i)] : [.. context.Places];
        return new TokenSelection(kept[context.Image].Select(place => Array.IndexOf(places, place) is var token and >= 0
            ? (long)token
            : throw new InvalidOperationException($"The token at place {place} of image {context.Image} was to be kept, but it has not arrived at this stage.")), context.Tokens);
    }

    /// <inheritdoc/>
    public override string ToString() => "given tokens";
}
