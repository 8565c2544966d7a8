using System.Globalization;
using System.Text;
using PruneNotebooks.Models;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Display;

/// <summary>A picture with the patches that stayed bright and those that left dimmed, or with a score for every patch as colours.</summary>
/// <remarks>Draw it on the picture as the model saw it, after its resizing and cropping: there the patches lie on the token grid. Immutable; drawn when asked.</remarks>
/// <example><code>TokenOverlay.Of(image, grid, selection).Titled("HiPrune")</code></example>
public sealed record TokenOverlay
{
    readonly bool[] isKept;

    TokenOverlay(RgbImage image, TokenGrid grid, IReadOnlyList<long> kept)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(kept);
        if (grid.Height > image.Height || grid.Width > image.Width)
            throw new ArgumentException($"A picture of {image} is too small for a grid of {grid} patches.", nameof(grid));
        isKept = new bool[grid.Count];
        foreach (long token in kept)
        {
            if (token < 0 || token >= grid.Count)
                throw new ArgumentException($"Token {token} was kept, but a grid of {grid} has tokens 0 to {grid.Count - 1}.", nameof(kept));
            if (isKept[token]) throw new ArgumentException($"Token {token} was kept twice.", nameof(kept));
            isKept[token] = true;
        }
        (Image, Grid, Kept) = (image, grid, [.. kept.Order()]);
    }

    /// <summary>The picture as the model saw it.</summary>
    public RgbImage Image { get; }

    /// <summary>How its patches lie.</summary>
    public TokenGrid Grid { get; }

    /// <summary>The places of the tokens that stayed, ascending.</summary>
    public IReadOnlyList<long> Kept { get; }

    /// <summary>A score for every place, painted as colours; NaN for a token that had left before. <see langword="null"/> to show the picture itself.</summary>
    public IReadOnlyList<float>? Scores { get; private init; }

    /// <summary>The colours of the scores.</summary>
    public ColourMap Colours { get; init; } = ColourMap.Viridis;

    /// <summary>The scores at the two ends of the colours, so that several overlays can share them; the lowest and the highest score if not given.</summary>
    public (float Low, float High)? ColourRange { get; init; }

    /// <summary>A line over the picture.</summary>
    public string? Title { get; init; }

    /// <summary>An overlay of the tokens that stayed.</summary>
    /// <param name="image">The picture as the model saw it.</param>
    /// <param name="grid">How its patches lie.</param>
    /// <param name="kept">Places of the tokens that stayed, in any order.</param>
    /// <exception cref="ArgumentException">A place is not on the grid or occurs twice, or the picture has fewer pixels than the grid has places.</exception>
    public static TokenOverlay Of(RgbImage image, TokenGrid grid, IReadOnlyList<long> kept) => new(image, grid, kept);

    /// <summary>An overlay of a selection among all tokens of the picture.</summary>
    /// <exception cref="ArgumentException">The selection was made among another number of tokens than the grid has.</exception>
    public static TokenOverlay Of(RgbImage image, TokenGrid grid, TokenSelection selection)
    {
        ArgumentNullException.ThrowIfNull(selection);
        return selection.Tokens == grid.Count ? new(image, grid, selection.Kept) : throw new ArgumentException(
            $"The selection was made among {selection.Tokens} tokens, but a grid of {grid} has {grid.Count}.", nameof(selection));
    }

    /// <summary>An overlay of what one step of a plan kept.</summary>
    public static TokenOverlay Of(RgbImage image, TokenGrid grid, StageTrace stage)
    {
        ArgumentNullException.ThrowIfNull(stage);
        return new(image, grid, stage.Kept) { Title = stage.Pruner is { } pruner ? $"{MethodText.Name(pruner)}, {stage.Stage}" : $"{stage.Stage}" };
    }

    /// <summary>An overlay of the tokens that were left at the end.</summary>
    /// <param name="image">The picture as the model saw it.</param>
    /// <param name="trace">What happened to its tokens.</param>
    /// <param name="number">Which picture of the prompt, from 0.</param>
    public static TokenOverlay Of(RgbImage image, PruningTrace trace, int number = 0) => new(image, GridOf(trace, number), trace.Kept(number));

    /// <summary>This overlay under a title.</summary>
    public TokenOverlay Titled(string title) => this with { Title = title };

    /// <summary>This overlay with a score for every place of the grid, painted as colours; what was kept is outlined.</summary>
    /// <param name="scores">One score for each place; NaN for a token that had left before.</param>
    /// <exception cref="ArgumentException">There is another number of scores than places.</exception>
    public TokenOverlay WithScores(IReadOnlyList<float> scores)
    {
        ArgumentNullException.ThrowIfNull(scores);
        return scores.Count == Grid.Count ? this with { Scores = [.. scores] } : throw new ArgumentException(
            $"A grid of {Grid} needs {Grid.Count} scores, but there are {scores.Count}.", nameof(scores));
    }

    /// <summary>This overlay with the scores of one step of a plan; tokens that had left before have none.</summary>
    /// <exception cref="ArgumentException">The method of that step gave no scores.</exception>
    public TokenOverlay WithScores(StageTrace stage)
    {
        ArgumentNullException.ThrowIfNull(stage);
        if (stage.Scores is null)
            throw new ArgumentException($"The step at {stage.Stage} gave no scores to paint.", nameof(stage));
        var scores = Enumerable.Repeat(float.NaN, Grid.Count).ToArray();
        for (int i = 0; i < stage.Arrived.Count; i++) scores[stage.Arrived[i]] = stage.Scores[i];
        return WithScores(scores);
    }

    /// <summary>Draws the overlay with its title and how many tokens stayed.</summary>
    /// <param name="longestSide">Pixels of the picture's longer side, about: small pictures grow by whole factors, so that their pixels stay sharp; large ones shrink.</param>
    public RgbImage Draw(int longestSide = 320) => OverlayDrawing.Draw(this, longestSide, mayWiden: true);

    /// <summary>The drawn overlay as a PNG file; the same overlay always gives the same bytes.</summary>
    public byte[] ToPng() => Draw().ToPng();

    /// <summary>Writes the drawn overlay as a PNG file: completely or not at all.</summary>
    public void Save(string path) => Draw().Save(path);

    /// <summary>Whether the token at a place stayed.</summary>
    public bool IsKept(long place) => isKept[place];

    /// <summary>What the picture shows, for readers who do not see it: a line of numbers and the grid, <c>#</c> for a token that stayed.</summary>
    public override string ToString()
    {
        var text = new StringBuilder().Append(Title is null ? "" : $"{Title}: ").Append(CultureInfo.InvariantCulture,
            $"{Kept.Count} of {Grid.Count} tokens stay ({100.0 * Kept.Count / Grid.Count:0.#} %), grid {Grid}");
        if (Scores?.Any(float.IsFinite) == true) text.Append(CultureInfo.InvariantCulture, $", scores {ScoreRange.Of(Scores).Low:G3} to {ScoreRange.Of(Scores).High:G3}");
        for (int row = 0; row < Grid.Height; row++)
        {
            text.Append('\n');
            for (int column = 0; column < Grid.Width; column++) text.Append(isKept[row * Grid.Width + column] ? '#' : '.');
        }
        return text.ToString();
    }

    internal ScoreRange Range => ColourRange is var (low, high) ? new(low, high) : ScoreRange.Of(Scores ?? []);

    internal static TokenGrid GridOf(PruningTrace trace, int number)
    {
        ArgumentNullException.ThrowIfNull(trace);
        if (number < 0 || number >= trace.Images.Count)
            throw new ArgumentOutOfRangeException(nameof(number), number, $"The prompt has {trace.Images.Count} pictures, numbered from 0; number {number} was asked for.");
        return trace.Images[number].Grid ?? throw new ArgumentException(
            $"The {trace.Images[number].Tokens} tokens of picture {number} do not lie on a grid (a class token is among them), so they cannot be painted onto it.", nameof(trace));
    }
}
