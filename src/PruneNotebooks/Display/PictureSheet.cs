using PruneNotebooks.Models;

namespace PruneNotebooks.Display;

/// <summary>Pictures in rows and columns on one sheet, with labels at the left and at the top if there are any.</summary>
static class PictureSheet
{
    public const int WidestPaper = 960, Gap = 10;
    const float TextSize = OverlayDrawing.TextSize;
    const int HeadHeight = 22, ListSide = 230;

    /// <summary>Pixels that labels of rows need.</summary>
    public static int LabelWidth(IReadOnlyList<string> rows) => rows.Count == 0 ? 0 : (int)Math.Ceiling(rows.Max(label => Lettering.Width(label, TextSize))) + Gap;

    public static RgbImage Draw(IReadOnlyList<string> rowLabels, IReadOnlyList<string> columnLabels, RgbImage?[,] cells)
    {
        int rows = cells.GetLength(0), columns = cells.GetLength(1);
        int[] heights = [.. Enumerable.Range(0, rows).Select(row => Enumerable.Range(0, columns).Max(column => cells[row, column]?.Height ?? 0))];
        int[] widths = [.. Enumerable.Range(0, columns).Select(column => Enumerable.Range(0, rows).Max(row => cells[row, column]?.Width ?? 0))];
        int left = LabelWidth(rowLabels), head = columnLabels.Count == 0 ? 0 : HeadHeight;
        return Picture.Draw(left + widths.Sum() + Gap * (columns - 1), head + heights.Sum() + Gap * (rows - 1), canvas =>
        {
            for (int column = 0, x = left; column < columns; x += widths[column++] + Gap)
            {
                if (columnLabels.Count > 0) Lettering.Draw(canvas, Lettering.Fit(columnLabels[column], TextSize, widths[column]), x, 14, TextSize, Picture.Ink);
                for (int row = 0, y = head; row < rows; y += heights[row++] + Gap)
                {
                    if (column == 0 && rowLabels.Count > 0) Lettering.Draw(canvas, rowLabels[row], 0, y + heights[row] / 2f + 5, TextSize, Picture.Ink);
                    if (cells[row, column] is { } picture) canvas.Put(picture, x, y + heights[row] - picture.Height);   // titles may have two lines; pictures stand in one
                }
            }
        });
    }

    /// <summary>Sheets below each other.</summary>
    public static RgbImage Stack(IReadOnlyList<Overlays> sheets)
    {
        var cells = new RgbImage?[sheets.Count, 1];
        for (int i = 0; i < sheets.Count; i++) cells[i, 0] = sheets[i].Draw();
        return Draw([], [], cells);
    }

    /// <summary>A list of pictures, four in a row.</summary>
    public static RgbImage Draw(IReadOnlyList<RgbImage> pictures)
    {
        int columns = Math.Min(4, pictures.Count);
        var cells = new RgbImage?[(pictures.Count + columns - 1) / columns, columns];
        for (int i = 0; i < pictures.Count; i++) cells[i / columns, i % columns] = PictureOutput.Sized(pictures[i], ListSide, ListSide);
        return Draw([], [], cells);
    }
}
