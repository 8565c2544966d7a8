using System.Globalization;
using PruneNotebooks.Metrics;
using PruneNotebooks.Models;
using SkiaSharp;

namespace PruneNotebooks.Display;

/// <summary>The information of visual tokens as a picture: windows by layer, their curve, and what withdrawing all tokens does, one above the other over the same layers.</summary>
public static class InformationPicture
{
    const int Left = 58, Right = 132, Head = 70, Gap = 40, MapHeight = 216, CurveHeight = 110, Foot = 44;
    static readonly SKColor Marker = new(0x22, 0x22, 0x22);

    /// <summary>Draws a measurement.</summary>
    public static RgbImage Of(InformationMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        var mean = map.Mean();
        var curve = map.Curve;
        var withdrawal = map.Withdrawal;
        int layers = withdrawal.ByLayer.Count - 1, width = (layers + 1) * Math.Clamp(560 / (layers + 1), 12, 52);
        int height = Math.Max(MapHeight, map.Cut.Count);
        double range = curve.LargestAbsolute.Max();
        var captions = Captions(map);
        int paper = Math.Max(Left + width + Right, (int)captions.Max(line => Lettering.Width(line, ChartFrame.TitleSize) + 6));
        return Picture.Draw(paper, Head + height + 2 * (Gap + CurveHeight) + Foot, canvas =>
        {
            Lettering.Draw(canvas, captions[0], 2, 15, 15, Picture.Ink);
            Lettering.Draw(canvas, captions[1], 2, 34, ChartFrame.TitleSize, Picture.PaleInk);

            var cells = InformationHeatMap.Frame(SKRect.Create(Left, Head, width, height), map, layers);
            cells.Title(canvas, "Information of a window: what it adds to the probability of the answer, mean");
            InformationHeatMap.Draw(canvas, cells, map, mean, range);
            InformationHeatMap.Rows(canvas, cells, map);
            InformationHeatMap.Bar(canvas, cells.Plot, range);

            var lines = new ChartFrame(SKRect.Create(Left, cells.Plot.Bottom + Gap, width, CurveHeight), cells.X, Room(curve));
            lines.Title(canvas, $"Largest and mean information by layer; horizon where no window holds more than {InformationCurve.DefaultEpsilon.ToString(CultureInfo.InvariantCulture)}");
            lines.YTicks(canvas);
            lines.HorizontalLine(canvas, InformationCurve.DefaultEpsilon, Picture.PaleInk, 2, 3);
            double[] at = [.. map.Layers.Select(layer => (double)layer)];
            LineDrawing.Draw(canvas, lines, new Series("largest |information|", at, curve.LargestAbsolute), new Series("mean", at, curve.Mean));
            lines.Border(canvas);
            Mark(canvas, map.Horizon(), above: true, cells, lines);

            var accuracy = WithdrawalPicture.Frame(SKRect.Create(Left, lines.Plot.Bottom + Gap, width, CurveHeight), layers);
            accuracy.Title(canvas, "Right answers when all visual tokens leave at a layer (95 %); horizon where they stay within 1 point");
            WithdrawalPicture.Lines(canvas, accuracy, ("", withdrawal));
            Mark(canvas, withdrawal.Horizon() is var needless && needless < layers ? needless : null, above: false, accuracy);
            accuracy.XTitle(canvas, "decoder layer at whose input visual tokens leave");
        });
    }

    /// <summary>The picture in words and numbers.</summary>
    public static string Text(InformationMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        return $"{string.Join('\n', Captions(map))}\n{ByLayer(map)}";
    }

    /// <summary>The curves as a table, a row for each measured layer.</summary>
    public static Table ByLayer(InformationMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        var curve = map.Curve;
        var withdrawal = map.Withdrawal;
        return Table.Of(Enumerable.Range(0, map.Layers.Count),
            ("layer", i => map.Layers[i]), ("largest |information|", i => curve.LargestAbsolute[i]), ("mean", i => curve.Mean[i]), ("spread", i => curve.Deviation[i]),
            ("right without visual tokens from here on", i => withdrawal.ByLayer[map.Layers[i]]));
    }

    /// <summary>A heading with both horizons, then what was measured and how sure the horizon is.</summary>
    public static IReadOnlyList<string> Captions(InformationMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        var withdrawal = map.Withdrawal;
        var interval = map.HorizonInterval();
        int layers = withdrawal.ByLayer.Count - 1, pictures = map.Probes.Select(probe => probe.Picture).Distinct().Count();
        string information = map.Horizon() is { } horizon ? $"layer {horizon}" : $"none, layer {map.Layers[^1]} still holds {Units.Number(map.Curve.LargestAbsolute[^1])}";
        string about = map.Categories is [{ Length: > 0 } only] ? $", {only.ToLowerInvariant()}" : "";
        return
        [
            $"{map.Model}{about}: information horizon {information}; withdrawal horizon {Layer(withdrawal.Horizon(), layers)}",
            $"{Count(map.Probes.Count, "probe")} of {Count(pictures, "picture")}, {map.Cut}. Horizon over pictures, 95 %: {Layer(interval.Low, map.Layers[^1] + 1)} to {Layer(interval.High, map.Layers[^1] + 1)}.",
        ];
        static string Layer(double layer, int end) => layer >= end ? "none" : $"layer {layer}";
        static string Count(int count, string what) => $"{count} {what}{(count == 1 ? "" : "s")}";
    }

    static Interval Room(InformationCurve curve)
    {
        double high = Math.Max(curve.LargestAbsolute.Max(), 2 * InformationCurve.DefaultEpsilon), low = Math.Min(0, curve.Mean.Min());
        return new(low - 0.02 * (high - low), high * 1.05);
    }

    /// <summary>A dashed line at a layer's left side; its label stands where the curve does not go, which falls or rises.</summary>
    static void Mark(SKCanvas canvas, int? horizon, bool above, params ReadOnlySpan<ChartFrame> frames)
    {
        var last = frames[^1];
        if (horizon is not { } layer)
        {
            Lettering.Draw(canvas, "no horizon", last.Plot.Right + 8, last.Plot.Top + 10, ChartFrame.TextSize, Picture.PaleInk);
            return;
        }
        foreach (var frame in frames) frame.VerticalLine(canvas, layer - 0.5, Marker, 5, 3);
        string label = $"horizon {layer}";
        float x = last.AtX(layer - 0.5) + 4, wide = Lettering.Width(label, ChartFrame.TextSize);
        Lettering.Draw(canvas, label, x + wide <= last.Plot.Right ? x : x - 8 - wide, above ? last.Plot.Top + 10 : last.Plot.Bottom - 8, ChartFrame.TextSize, Marker);
    }
}
