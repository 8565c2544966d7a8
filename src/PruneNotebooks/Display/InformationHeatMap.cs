using PruneNotebooks.Metrics;
using SkiaSharp;

namespace PruneNotebooks.Display;

/// <summary>Draws the information of windows by layer: layers from left to right, windows from top to bottom as one reads them; white is nothing.</summary>
static class InformationHeatMap
{
    static readonly SKColor NotMeasured = new(0xEC, 0xEC, 0xEC);

    /// <summary>The frame of a map: a layer is one wide with its number in the middle, a window one high; on the right, a place for "with all layers".</summary>
    public static ChartFrame Frame(SKRect plot, InformationMap map, int layers) => new(plot, new(-0.5, layers + 0.5), new(map.Cut.Count, 0));

    /// <summary>Draws the cells.</summary>
    /// <param name="canvas">The paper.</param>
    /// <param name="frame">From <see cref="Frame"/>.</param>
    /// <param name="map">What was measured.</param>
    /// <param name="mean">Its mean, by measured layer and window.</param>
    /// <param name="range">What has the darkest red; its negative has the darkest blue.</param>
    public static void Draw(SKCanvas canvas, ChartFrame frame, InformationMap map, double[,] mean, double range)
    {
        using var paint = new SKPaint { Color = NotMeasured };
        int layers = (int)(frame.X.High - 0.5);
        canvas.DrawRect(SKRect.Create(frame.Plot.Left, frame.Plot.Top, frame.AtX(layers - 0.5) - frame.Plot.Left, frame.Plot.Height), paint);
        for (int layer = 0; layer < map.Layers.Count; layer++)
            for (int window = 0; window < map.Cut.Count; window++)
            {
                int place = map.Cut.Row(window) * map.Cut.Columns + map.Cut.Column(window);
                paint.Color = Colour(mean[layer, window], range);
                canvas.DrawRect(new(MathF.Round(frame.AtX(map.Layers[layer] - 0.5)), MathF.Round(frame.AtY(place)), MathF.Round(frame.AtX(map.Layers[layer] + 0.5)), MathF.Round(frame.AtY(place + 1))), paint);
            }
        // Rows of windows are parted, as lines of text are.
        paint.Color = SKColors.White;
        if (frame.Plot.Height / map.Cut.Count >= 3)
            for (int row = 1; row < map.Cut.Rows; row++)
                canvas.DrawRect(frame.Plot.Left, MathF.Round(frame.AtY(row * map.Cut.Columns)), frame.AtX(layers - 0.5) - frame.Plot.Left, 1, paint);
    }

    /// <summary>Names the rows of windows at the left side.</summary>
    public static void Rows(SKCanvas canvas, ChartFrame frame, InformationMap map)
    {
        int step = 1;
        while (step * map.Cut.Columns * frame.Plot.Height / map.Cut.Count < 13) step++;
        for (int row = 0; row < map.Cut.Rows; row += step) frame.YLabel(canvas, (row + 0.5) * map.Cut.Columns, $"row {row + 1}");
    }

    /// <summary>A bar that explains the colours, at the right of a rectangle.</summary>
    public static void Bar(SKCanvas canvas, SKRect beside, double range)
    {
        using var paint = new SKPaint();
        float left = beside.Right + 10, height = beside.Height;
        for (int y = 0; y < height; y++)
        {
            paint.Color = Colour(range * (1 - 2 * y / Math.Max(1, height - 1)), range);
            canvas.DrawRect(left, beside.Top + y, 10, 1, paint);
        }
        Label(Units.Number(range), 0);
        Label("0", 0.5f);
        Label($"−{Units.Number(range)}", 1);
        Lettering.Draw(canvas, "probability", left, beside.Bottom + 15, ChartFrame.TextSize, Picture.PaleInk);

        void Label(string text, float part) => Lettering.Draw(
            canvas, part == 0.5f ? text : part == 0 ? $"+{text}" : text, left + 15, beside.Top + part * (height - 8) + 8, ChartFrame.TextSize, Picture.PaleInk);
    }

    static SKColor Colour(double information, double range)
    {
        var (r, g, b) = ColourMap.BlueRed[range > 0 ? 0.5 + information / (2 * range) : 0.5];
        return new(r, g, b);
    }
}
