using PruneNotebooks.Models;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Display;

/// <summary>Several overlays in one picture, side by side or as a table with labels.</summary>
public sealed class Overlays
{
    const int WidestPaper = 960, LargestPicture = 320, Gap = 10;
    const float TextSize = OverlayDrawing.TextSize;

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
        int rows = cells.GetLength(0), columns = cells.GetLength(1);
        int labels = Rows.Count == 0 ? 0 : (int)Math.Ceiling(Rows.Max(label => Lettering.Width(label, TextSize))) + Gap;
        int size = Math.Clamp((WidestPaper - labels) / columns - Gap, 96, LargestPicture);
        var drawn = new RgbImage?[rows, columns];
        var (heights, widths) = (new int[rows], new int[columns]);
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                if (cells[row, column] is not { } overlay) continue;
                var picture = drawn[row, column] = OverlayDrawing.Draw(overlay, size, mayWiden: false);
                (heights[row], widths[column]) = (Math.Max(heights[row], picture.Height), Math.Max(widths[column], picture.Width));
            }
        }
        int head = Columns.Count == 0 ? 0 : 22;
        return Picture.Draw(labels + widths.Sum() + Gap * (columns - 1), head + heights.Sum() + Gap * (rows - 1), canvas =>
        {
            for (int column = 0, x = labels; column < columns; x += widths[column++] + Gap)
            {
                if (Columns.Count > 0) Lettering.Draw(canvas, Lettering.Fit(Columns[column], TextSize, widths[column]), x, 14, TextSize, Picture.Ink);
                for (int row = 0, y = head; row < rows; y += heights[row++] + Gap)
                {
                    if (column == 0 && Rows.Count > 0) Lettering.Draw(canvas, Rows[row], 0, y + heights[row] / 2f + 5, TextSize, Picture.Ink);
                    if (drawn[row, column] is { } picture) canvas.Put(picture, x, y);
                }
            }
        });
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
