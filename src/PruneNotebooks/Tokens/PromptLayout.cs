namespace PruneNotebooks.Tokens;

/// <summary>A run of visual tokens in a prompt: those of one image.</summary>
/// <param name="Start">Position of the first.</param>
/// <param name="Length">How many.</param>
public readonly record struct VisualSpan(int Start, int Length)
{
    /// <summary>The position behind the last.</summary>
    public int End => Start + Length;
}

/// <summary>Where the visual tokens lie in a prompt; read off the tokenised prompt, never from constants.</summary>
public sealed class PromptLayout
{
    readonly int[] imageOf;

    /// <summary>A layout from its spans.</summary>
    /// <param name="length">Tokens of the prompt, visual ones included.</param>
    /// <param name="images">The span of each image, in order, not overlapping.</param>
    /// <exception cref="ArgumentException">A span lies outside of the prompt or overlaps the one before.</exception>
    public PromptLayout(int length, IReadOnlyList<VisualSpan> images)
    {
        ArgumentNullException.ThrowIfNull(images);
        int end = 0;
        imageOf = [.. Enumerable.Repeat(-1, length)];
        for (int i = 0; i < images.Count; i++)
        {
            if (images[i].Start < end || images[i].Length < 0 || images[i].End > length)
                throw new ArgumentException($"Image {i} spans positions {images[i].Start} to {images[i].End - 1} of a prompt of {length} tokens, after position {end - 1}: spans lie in the prompt and in order.", nameof(images));
            end = images[i].End;
            Array.Fill(imageOf, i, images[i].Start, images[i].Length);
        }
        (Length, Images) = (length, images);
    }

    /// <summary>Tokens of the full prompt.</summary>
    public int Length { get; }

    /// <summary>The span of each image.</summary>
    public IReadOnlyList<VisualSpan> Images { get; }

    /// <summary>The position behind the last visual token: where the question's text starts.</summary>
    public int TextStart => Images.Count == 0 ? 0 : Images[^1].End;

    /// <summary>Which image a position belongs to; -1 for text.</summary>
    public int ImageAt(long position) => imageOf[position];

    /// <summary>The positions that stay in the sequence: all text, and of each image the kept tokens.</summary>
    /// <param name="kept">By image: indices of the kept tokens inside its span, ascending.</param>
    /// <returns>Positions in the full prompt, ascending.</returns>
    public long[] SequenceKeep(IReadOnlyList<IReadOnlyList<long>> kept)
    {
        ArgumentNullException.ThrowIfNull(kept);
        return Sequence([.. kept.Select(tokens => (IReadOnlyList<long>)[.. tokens.Distinct().Order()])]);
    }

    /// <summary>The same positions in the order in which the tokens go on: of each image the kept tokens as they are given.</summary>
    /// <param name="kept">By image: indices of the kept tokens inside its span, in their order.</param>
    public long[] Sequence(IReadOnlyList<IReadOnlyList<long>> kept)
    {
        Stays(kept);
        List<long> sequence = [];
        int position = 0;
        for (int i = 0; i < Images.Count; i++)
        {
            for (; position < Images[i].Start; position++) sequence.Add(position);
            sequence.AddRange(kept[i].Select(token => Images[i].Start + token));
            position = Images[i].End;
        }
        for (; position < Length; position++) sequence.Add(position);
        return [.. sequence];
    }

    /// <summary>For methods that hide tokens instead of removing them: 1 for each position that stays visible (all text, and of each image the kept tokens), 0 for the others.</summary>
    /// <param name="kept">By image: indices of the kept tokens inside its span.</param>
    public long[] KeyMask(IReadOnlyList<IReadOnlyList<long>> kept) => Array.ConvertAll(Stays(kept), static stays => stays ? 1L : 0L);

    bool[] Stays(IReadOnlyList<IReadOnlyList<long>> kept)
    {
        ArgumentNullException.ThrowIfNull(kept);
        if (kept.Count != Images.Count) throw new ArgumentException($"The prompt has {Images.Count} images, but kept tokens are given for {kept.Count}.", nameof(kept));
        bool[] stays = [.. imageOf.Select(image => image < 0)];
        for (int i = 0; i < kept.Count; i++)
            foreach (long token in kept[i])
                stays[Images[i].Start + token] = token >= 0 && token < Images[i].Length
                    ? true
                    : throw new ArgumentException($"Token {token} of image {i} was kept, but the image has {Images[i].Length} tokens.", nameof(kept));
        return stays;
    }

    /// <summary>The layout of a tokenised prompt in which each image stands as one placeholder.</summary>
    /// <param name="ids">Token ids.</param>
    /// <param name="placeholder">The id that stands for an image.</param>
    /// <param name="tokens">How many visual tokens each image has.</param>
    /// <returns>The ids with every placeholder repeated, and where the images lie.</returns>
    /// <exception cref="ArgumentException">The prompt has more or fewer placeholders than there are images.</exception>
    public static (long[] Ids, PromptLayout Layout) Expand(IReadOnlyList<long> ids, long placeholder, IReadOnlyList<int> tokens)
    {
        ArgumentNullException.ThrowIfNull(ids);
        ArgumentNullException.ThrowIfNull(tokens);
        int places = ids.Count(id => id == placeholder);
        if (places != tokens.Count)
            throw new ArgumentException($"The prompt has {places} image placeholders, but {tokens.Count} images were given.", nameof(tokens));
        List<long> expanded = [];
        List<VisualSpan> spans = [];
        foreach (long id in ids)
        {
            if (id != placeholder) { expanded.Add(id); continue; }
            spans.Add(new VisualSpan(expanded.Count, tokens[spans.Count]));
            expanded.AddRange(Enumerable.Repeat(placeholder, spans[^1].Length));
        }
        return ([.. expanded], new PromptLayout(expanded.Count, spans));
    }
}
