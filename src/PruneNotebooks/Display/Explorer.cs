using System.Net;
using System.Text;
using PruneNotebooks.Models;
using PruneNotebooks.Runtime;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Display;

/// <summary>An overlay to look into: step through stages and layers, slide the budget, ask a patch for its score and where it left, compare methods.</summary>
/// <remarks>
/// In a live notebook it is a fragment of HTML with its own script, which needs no network; in committed outputs and in print it is the overlay as a picture.
/// Another budget ranks the tokens by the scores of the run; a method that does not choose by rank alone may choose otherwise, and the explorer says so.
/// </remarks>
/// <example><code>Explorer.Compare(model.Answer(image, question, hiPrune), model.Answer(image, question, divPrune))</code></example>
public sealed class Explorer
{
    const int LargestPicture = 512;

    readonly TokenPath[] paths;

    Explorer(RgbImage image, TokenGrid grid, params TokenPath[] paths)
    {
        if (grid.Height > image.Height || grid.Width > image.Width)
            throw new ArgumentException($"A picture of {image} is too small for a grid of {grid} patches.", nameof(grid));
        (Image, Grid, this.paths) = (image, grid, paths);
    }

    /// <summary>The picture as the model saw it.</summary>
    public RgbImage Image { get; }

    /// <summary>How its patches lie.</summary>
    public TokenGrid Grid { get; }

    /// <summary>What the compared methods are called, each by another name.</summary>
    public IReadOnlyList<string> Names => [.. paths.Select(path => path.Name)];

    /// <summary>What happened to the tokens of one picture of an answer.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="number">Which picture of the prompt, from 0.</param>
    /// <exception cref="ArgumentException">There is no such picture, or its tokens do not lie on a grid.</exception>
    public static Explorer Of(Answer answer, int number = 0)
    {
        ArgumentNullException.ThrowIfNull(answer);
        var grid = TokenOverlay.GridOf(answer.Trace, number);
        return new(answer.Images[number], grid, TokenPath.Of(answer.Trace, number));
    }

    /// <summary>What happened to the tokens of one picture.</summary>
    /// <param name="trace">What happened.</param>
    /// <param name="image">The picture as the model saw it; <see langword="null"/> for bare patches.</param>
    /// <param name="number">Which picture of the prompt, from 0.</param>
    /// <exception cref="ArgumentException">There is no such picture, or its tokens do not lie on a grid.</exception>
    public static Explorer Of(PruningTrace trace, RgbImage? image = null, int number = 0)
    {
        var grid = TokenOverlay.GridOf(trace, number);
        return new(image ?? Bare(grid), grid, TokenPath.Of(trace, number));
    }

    /// <summary>What a method would keep.</summary>
    /// <param name="selection">A selection among all tokens of the picture.</param>
    /// <param name="grid">How its patches lie.</param>
    /// <param name="image">The picture as the model saw it; <see langword="null"/> for bare patches.</param>
    /// <param name="stage">Where it was made; after the projector unless said.</param>
    /// <exception cref="ArgumentException">The selection was made among another number of tokens than the grid has.</exception>
    public static Explorer Of(TokenSelection selection, TokenGrid grid, RgbImage? image = null, Stage? stage = null)
    {
        ArgumentNullException.ThrowIfNull(selection);
        return selection.Tokens == grid.Count ? new(image ?? Bare(grid), grid, TokenPath.Of(selection, stage ?? Stage.Projector)) : throw new ArgumentException(
            $"The selection was made among {selection.Tokens} tokens, but a grid of {grid} has {grid.Count}.", nameof(selection));
    }

    /// <summary>Several methods on one picture, to be compared two at a time.</summary>
    /// <param name="explorers">What each did; the picture of the first is shown.</param>
    /// <exception cref="ArgumentException">There is none, or their grids differ.</exception>
    public static Explorer Compare(params IReadOnlyList<Explorer> explorers)
    {
        ArgumentNullException.ThrowIfNull(explorers);
        if (explorers.Count == 0) throw new ArgumentException("There is nothing to compare.", nameof(explorers));
        var first = explorers[0];
        if (explorers.FirstOrDefault(other => other.Grid != first.Grid) is { } odd)
            throw new ArgumentException($"Only tokens of one picture can be compared; one grid is {first.Grid}, another {odd.Grid}.", nameof(explorers));
        return new(first.Image, first.Grid, WithNamesApart(explorers.SelectMany(explorer => explorer.paths)));
    }

    /// <inheritdoc cref="Compare(IReadOnlyList{Explorer})"/>
    /// <param name="answers">Answers about the same picture, the first of each prompt.</param>
    public static Explorer Compare(params IReadOnlyList<Answer> answers)
    {
        ArgumentNullException.ThrowIfNull(answers);
        return Compare([.. answers.Select(answer => Of(answer))]);
    }

    /// <summary>The same under another name, which a comparison shows.</summary>
    /// <exception cref="InvalidOperationException">Several methods are compared already; name them before.</exception>
    public Explorer Named(string name)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        return paths.Length == 1 ? new(Image, Grid, paths[0] with { Name = name }) : throw new InvalidOperationException(
            $"This explorer compares {paths.Length} methods; give each its name before Explorer.Compare.");
    }

    /// <summary>The picture that stands for the explorer where no script runs: what each step left, or what each of several methods left at the end.</summary>
    public Overlays Still() => Overlays.SideBySide(paths is [{ Steps.Count: > 0 } only]
        ? [.. only.Steps.Select(step => TokenOverlay.Of(Image, Grid, step) with { Title = $"{TokenPath.Method(step)}, {step.Stage}" })]
        : [.. paths.Select(path => TokenOverlay.Of(Image, Grid, path.Kept).Titled(path.Name))]);

    /// <summary>The explorer as a fragment of a page: HTML and JavaScript that load nothing and disturb nothing else on the page.</summary>
    public string ToHtml() => $"""
        <div class="prune-explorer" data-lm-suppress-shortcuts="true">
        {Show.Image(PictureOutput.Sized(Image, largest: LargestPicture).ToPng(), $"{this}")}
        <p>{WebUtility.HtmlEncode(Headline)}</p>
        <script type="application/json">{ExplorerData.Json(Grid, paths)}</script>
        </div>
        <script>
        {Resource.Text("explorer.js")}</script>
        """;

    /// <summary>Writes the explorer as a page of its own that any browser opens, also without network: completely or not at all.</summary>
    /// <param name="path">The HTML file.</param>
    public void Save(string path) => AtomicFile.Write(path, Encoding.UTF8.GetBytes($"""
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8"><title>{WebUtility.HtmlEncode(string.Join(" and ", Names))}</title></head>
        <body>
        {ToHtml()}
        </body></html>

        """));

    /// <summary>What the explorer shows at first, in words.</summary>
    public override string ToString() => string.Join('\n', [Headline, .. paths.Select(path => $"{path.Name}: {path}")]);

    string Headline => $"explorer of {Grid} tokens; "
        + (paths.Length == 1 ? $"{paths[0].Kept.Count} of {Grid.Count} stay" : $"{Grid.Count} arrive, at the end {string.Join(", ", paths.Select(path => $"{path.Name} keeps {path.Kept.Count}"))}");

    /// <summary>Where nobody has the picture: its patches in grey.</summary>
    static RgbImage Bare(TokenGrid grid)
    {
        const int side = 16;
        var pixels = new byte[grid.Count * side * side * 3];
        Array.Fill(pixels, (byte)190);
        return new(grid.Width * side, grid.Height * side, pixels);
    }

    static TokenPath[] WithNamesApart(IEnumerable<TokenPath> paths)
    {
        var named = new List<TokenPath>();
        foreach (var path in paths)
        {
            string name = path.Name;
            for (int copy = 2; named.Any(other => other.Name == name); copy++) name = $"{path.Name} ({copy})";
            named.Add(path with { Name = name });
        }
        return [.. named];
    }
}
