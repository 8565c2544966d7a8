using PruneNotebooks.Models;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Display;

/// <summary>Several overlays in one picture, side by side or as a table with labels.</summary>
public sealed class Overlays
{
    const int SmallestPicture = 96, LargestPicture = 320;

    readonly TokenOverlay?[,] cells;

    Overlays(IReadOnlyList<string> rows, IReadOnlyList<string> columns, TokenOverlay?[,] cells)
    {
        if (cells.Length == 0) throw new ArgumentException("There is no overlay to draw.", nameof(cells));
        (Rows, Columns, this.cells) = (rows, columns, cells);
    }

    /// <summary>Labels of the rows, empty for none.</summary>
    public IReadOnlyList<string> Rows { get; }

    /// <summary>Labels of the columns, empty for none.</summary>
    public IReadOnlyList<string> Columns { get; }

    /// <summary>The overlay of a row and column, both from 0; <see langword="null"/> where there is none.</summary>
    public TokenOverlay? this[int row, int column] => cells[row, column];

    /// <summary>Overlays in a row, each under its own title.</summary>
    public static Overlays SideBySide(params IReadOnlyList<TokenOverlay> overlays)
    {
        ArgumentNullException.ThrowIfNull(overlays);
        var cells = new TokenOverlay?[overlays.Count > 0 ? 1 : 0, overlays.Count];
        for (int i = 0; i < overlays.Count; i++) cells[0, i] = overlays[i];
        return new([], [], cells);
    }

    /// <summary>A table of overlays, for instance methods by budgets.</summary>
    /// <param name="rows">Labels of the rows.</param>
    /// <param name="columns">Labels of the columns.</param>
    /// <param name="overlay">Makes the overlay of a row and a column, both from 0; <see langword="null"/> leaves a gap.</param>
    public static Overlays Table(IReadOnlyList<string> rows, IReadOnlyList<string> columns, Func<int, int, TokenOverlay?> overlay)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentNullException.ThrowIfNull(overlay);
        var cells = new TokenOverlay?[rows.Count, columns.Count];
        for (int row = 0; row < rows.Count; row++)
        {
            for (int column = 0; column < columns.Count; column++) cells[row, column] = overlay(row, column);
        }
        return new([.. rows], [.. columns], cells);
    }

    /// <summary>What plans keep of pictures: a row for each plan, a column for each prompt, which shows one picture.</summary>
    /// <param name="model">The model.</param>
    /// <param name="plans">The plans and what to call them.</param>
    /// <param name="prompts">The prompts; their questions stand over the columns.</param>
    public static Overlays Kept(Vlm model, IReadOnlyList<(string Name, PruningPlan Plan)> plans, IReadOnlyList<Prompt> prompts)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(plans);
        ArgumentNullException.ThrowIfNull(prompts);
        var answers = model.Answer(prompts, [.. plans.Select(plan => plan.Plan)], new() { MaxTokens = 1 });
        return Table([.. plans.Select(plan => plan.Name)], [.. prompts.Select(prompt => prompt.Question ?? "")], (plan, prompt) => TokenOverlay.Of(answers[plan][prompt].Images[0], answers[plan][prompt].Trace));
    }

    /// <summary>One overlay for each step of a plan that one picture went through; the whole picture if there was none.</summary>
    /// <param name="image">The picture as the model saw it.</param>
    /// <param name="trace">What happened to its tokens.</param>
    /// <param name="number">Which picture of the prompt, from 0.</param>
    public static Overlays Of(RgbImage image, PruningTrace trace, int number = 0)
    {
        var grid = TokenOverlay.GridOf(trace, number);
        var steps = trace.Stages.Where(stage => stage.Image == number).Select(stage => TokenOverlay.Of(image, grid, stage)).ToList();
        return SideBySide(steps.Count > 0 ? steps : [TokenOverlay.Of(image, trace, number)]);
    }

    /// <summary>Draws all of them in one picture, at most about 960 pixels wide if their number allows.</summary>
    public RgbImage Draw()
    {
        int columns = cells.GetLength(1);
        int size = Math.Clamp((PictureSheet.WidestPaper - PictureSheet.LabelWidth(Rows)) / columns - PictureSheet.Gap, SmallestPicture, LargestPicture);
        var drawn = new RgbImage?[cells.GetLength(0), columns];
        for (int i = 0; i < drawn.Length; i++)
            if (cells[i / columns, i % columns] is { } overlay) drawn[i / columns, i % columns] = OverlayDrawing.Draw(overlay, size, mayWiden: false);
        return PictureSheet.Draw(Rows, Columns, drawn);
    }

    /// <summary>The drawing as a PNG file; the same overlays always give the same bytes.</summary>
    public byte[] ToPng() => Draw().ToPng();

    /// <summary>Writes the drawing as a PNG file: completely or not at all.</summary>
    public void Save(string path) => Draw().Save(path);

    /// <summary>What the picture shows, for readers who do not see it: a line for each overlay.</summary>
    public override string ToString() => string.Join('\n',
        from row in Enumerable.Range(0, cells.GetLength(0))
        from column in Enumerable.Range(0, cells.GetLength(1))
        where cells[row, column] is not null
        select string.Join(", ", [.. Rows.Skip(row).Take(1), .. Columns.Skip(column).Take(1), $"{cells[row, column]}".Split('\n')[0]]));
}
