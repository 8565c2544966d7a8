using PruneNotebooks.Metrics;
using PruneNotebooks.Models;
using SkiaSharp;

namespace PruneNotebooks.Display;

/// <summary>The matrix entropy of visual tokens by layer as a picture: where it collapses, what each layer takes away, and how sure that is.</summary>
public static class EntropyPicture
{
    const int Left = 58, Right = 96, Head = 66, Gap = 48, CurveHeight = 190, BarHeight = 120, Foot = 44;
    const float HeadingSize = 15;
    static readonly SKColor Chosen = LineDrawing.Colour(1), Others = new(0xA9, 0xC4, 0xD9);

    /// <summary>Draws a measurement.</summary>
    public static RgbImage Of(EntropyCollapse collapse)
    {
        ArgumentNullException.ThrowIfNull(collapse);
        int layers = collapse.Drop.Count, width = (layers + 1) * Math.Clamp(560 / (layers + 1), 12, 52);
        string[] captions = Captions(collapse);
        int paper = Math.Max(Left + width + Right, 4 + (int)Math.Max(Lettering.Width(captions[0], HeadingSize), Lettering.Width(captions[1], ChartFrame.TitleSize)));
        return Picture.Draw(paper, Head + CurveHeight + Gap + BarHeight + Foot, canvas =>
        {
            Lettering.Draw(canvas, captions[0], 0, 15, HeadingSize, Picture.Ink);
            Lettering.Draw(canvas, captions[1], 0, 34, ChartFrame.TitleSize, Picture.PaleInk);
            Interval x = new(-0.5, layers + 0.5);

            Interval[] intervals = [.. Enumerable.Range(0, layers + 1).Select(collapse.EntropyInterval)];
            var entropy = new ChartFrame(SKRect.Create(Left, Head, width, CurveHeight), x, Room(intervals.Min(i => i.Low), intervals.Max(i => i.High)));
            entropy.Title(canvas, "Matrix entropy of the visual tokens at the input of a layer (1: they fill all dimensions evenly)");
            entropy.YTicks(canvas);
            LineDrawing.Draw(canvas, entropy, new Series("", [.. Enumerable.Range(0, layers + 1).Select(l => (double)l)], collapse.Entropy).WithIntervals(intervals));
            entropy.Border(canvas);

            Interval[] taken = [.. Enumerable.Range(0, layers).Select(collapse.DropInterval)];
            var drops = new ChartFrame(SKRect.Create(Left, entropy.Plot.Bottom + Gap, width, BarHeight), x, Room(Math.Min(0, taken.Min(i => i.Low)), Math.Max(0, taken.Max(i => i.High)), above: 0.18));
            drops.Title(canvas, "What the layer before took away (and in how many resamples of the pictures most of all)");
            drops.YTicks(canvas);
            for (int layer = 1; layer <= layers; layer++) Bar(canvas, drops, collapse, layer, taken[layer - 1]);
            drops.HorizontalLine(canvas, 0, Picture.PaleInk);
            drops.Border(canvas);

            foreach (int layer in drops.WholeX(0, layers - 1)) drops.XLabel(canvas, layer, $"{layer}");
            drops.XLabel(canvas, layers, "out");
            drops.XTitle(canvas, "input of decoder layer (out: what the last layer gives)");
            if (collapse.Drop[collapse.Layer - 1] > 0) Mark(canvas, entropy, collapse.Layer);
        });
    }

    /// <summary>The picture in words and numbers.</summary>
    public static string Text(EntropyCollapse collapse)
    {
        ArgumentNullException.ThrowIfNull(collapse);
        return $"{string.Join('\n', Captions(collapse))}\n{ByLayer(collapse)}";
    }

    /// <summary>Entropy and drops as a table, a row for each hidden state.</summary>
    public static Table ByLayer(EntropyCollapse collapse)
    {
        ArgumentNullException.ThrowIfNull(collapse);
        int layers = collapse.Drop.Count;
        return Table.Of(Enumerable.Range(0, layers + 1),
            ("input of layer", l => l == layers ? "out" : $"{l}"),
            ("entropy", l => collapse.Entropy[l]), ("95 %", l => Ends(collapse.EntropyInterval(l))),
            ("drop before it", l => l == 0 ? null : collapse.Drop[l - 1]), ("95 %", l => l == 0 ? null : Ends(collapse.DropInterval(l - 1))),
            ("largest drop in", l => l > 0 && Support(collapse, l) is { } share ? Units.Percent(share) : null));
    }

    static string[] Captions(EntropyCollapse collapse)
    {
        string text = $"{collapse}";
        string over = collapse.Pictures == 1 ? "1 picture: no interval" : $"Mean over {collapse.Pictures} pictures, 95 % intervals from picture to picture";
        string persistent = collapse.Persists ? ""
            : !(collapse.Drop[collapse.Layer - 1] > 0) ? $". From {Units.Number(Math.Round(collapse.Entropy[0], 3))} at the first input to {Units.Number(Math.Round(collapse.Entropy[^1], 3))} at the last output"
            : $". Entropy rises again later; {(collapse.PersistentLayer is { } layer ? $"the largest drop that lasts is at layer {layer}" : "no drop lasts")}";
        return [char.ToUpperInvariant(text[0]) + text[1..], $"{over}{persistent}."];
    }

    // The largest of drops that are none is no collapse.
    static double? Support(EntropyCollapse collapse, int layer) => collapse.Drop[collapse.Layer - 1] > 0 && collapse.Support.TryGetValue(layer, out double share) ? share : null;

    static string Ends(Interval interval) => $"[{Units.Number(interval.Low)}, {Units.Number(interval.High)}]";

    static Interval Room(double low, double high, double above = 0.06)
    {
        double room = high > low ? high - low : Math.Max(1e-3, Math.Abs(high) / 10);
        return new(low - (low == 0 ? 0 : 0.06 * room), high + above * room);
    }

    static void Bar(SKCanvas canvas, ChartFrame frame, EntropyCollapse collapse, int layer, Interval interval)
    {
        double drop = collapse.Drop[layer - 1];
        using var paint = new SKPaint { Color = layer == collapse.Layer && drop > 0 ? Chosen : Others };
        using var thin = new SKPaint { Color = Picture.Ink, IsAntialias = true };
        float half = Math.Min(16, 0.36f * frame.Plot.Width / (float)(frame.X.High - frame.X.Low)), x = frame.AtX(layer);
        canvas.DrawRect(new(x - half, Math.Min(frame.AtY(drop), frame.AtY(0)), x + half, Math.Max(frame.AtY(drop), frame.AtY(0))), paint);
        if (collapse.Pictures > 1) canvas.DrawLine(x, frame.AtY(interval.Low), x, frame.AtY(interval.High), thin);
        if (Support(collapse, layer) is not { } share) return;
        string label = Units.Percent(Math.Round(share, 2)) is "0 %" ? "<1 %" : Units.Percent(Math.Round(share, 2));
        Lettering.Draw(canvas, label, x - Lettering.Width(label, ChartFrame.TextSize) / 2, frame.AtY(Math.Max(0, interval.High)) - 5, ChartFrame.TextSize, Picture.Ink);
    }

    static void Mark(SKCanvas canvas, ChartFrame entropy, int layer)
    {
        entropy.VerticalLine(canvas, layer, Chosen, 5, 3);
        string label = $"collapse: layer {layer}";
        float wide = Lettering.Width(label, ChartFrame.TextSize), x = entropy.AtX(layer) + 5;
        // On the side where the curve has gone down already.
        Lettering.Draw(canvas, label, x + wide <= entropy.Plot.Right + 80 ? x : x - 10 - wide, entropy.Plot.Top + 10, ChartFrame.TextSize, Chosen);
    }
}
