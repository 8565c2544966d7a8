using PruneNotebooks.Metrics;
using PruneNotebooks.Models;
using SkiaSharp;

namespace PruneNotebooks.Display;

/// <summary>Measurements by kind of question side by side: a small map for each on one scale of colours, and below, the accuracy without visual tokens, a line for each.</summary>
public static class InformationByKind
{
    const int Columns = 4, Left = 44, Gap = 16, MapHeight = 112, MapHead = 38, CurveHeight = 230, Foot = 44, Right = 110, Width = 800;

    /// <summary>Draws maps by kind of question, such as <c>map.ByCategory</c>.</summary>
    /// <exception cref="ArgumentException">There is no map.</exception>
    public static RgbImage Of(IReadOnlyDictionary<string, InformationMap> maps)
    {
        ArgumentNullException.ThrowIfNull(maps);
        if (maps.Count == 0) throw new ArgumentException("There is no map to draw.", nameof(maps));
        var kinds = Sorted(maps).Select(kind => (Name: Name(kind.Key), Map: kind.Value, Mean: kind.Value.Mean())).ToArray();
        double range = kinds.Max(kind => kind.Map.Curve.LargestAbsolute.Max());
        int layers = kinds.Max(kind => kind.Map.Withdrawal.ByLayer.Count - 1), rows = (kinds.Length + Columns - 1) / Columns, columns = Math.Min(Columns, kinds.Length);
        int width = (Width - (Columns - 1) * Gap) / Columns, chart = 22 + rows * (MapHead + MapHeight + 20) + 44;
        return Picture.Draw(Left + Width + Right, chart + CurveHeight + Foot, canvas =>
        {
            Lettering.Draw(canvas, "Information of windows (top to bottom) by layer (left to right), and its horizon, by kind of question", 2, 14, ChartFrame.TitleSize, Picture.Ink);
            ChartFrame? first = null;
            for (int i = 0; i < kinds.Length; i++)
            {
                var plot = SKRect.Create(Left + i % Columns * (width + Gap), 22 + i / Columns * (MapHead + MapHeight + 20) + MapHead, width, MapHeight);
                var frame = InformationHeatMap.Frame(plot, kinds[i].Map, layers);
                Map(canvas, frame, kinds[i].Name, kinds[i].Map, kinds[i].Mean, range);
                if (i == columns - 1) first = frame;
            }
            InformationHeatMap.Bar(canvas, first!.Plot, range);
            var below = WithdrawalPicture.Frame(SKRect.Create(Left, chart, Width, CurveHeight), layers);
            below.Title(canvas, "Right answers when all visual tokens leave at a layer's input");
            WithdrawalPicture.Lines(canvas, below, [.. kinds.Select(kind => (kind.Name, kind.Map.Withdrawal))]);
            below.XTitle(canvas, "decoder layer at whose input all visual tokens leave");
        });
    }

    static void Map(SKCanvas canvas, ChartFrame frame, string name, InformationMap map, double[,] mean, double range)
    {
        var horizon = map.Horizon();
        Lettering.Draw(canvas, $"{name}, {map.Probes.Count} probes", frame.Plot.Left, frame.Plot.Top - 20, ChartFrame.TitleSize, Picture.Ink);
        Lettering.Draw(canvas, horizon is null ? "no horizon" : $"horizon {horizon}", frame.Plot.Left, frame.Plot.Top - 6, ChartFrame.TextSize, Picture.PaleInk);
        InformationHeatMap.Draw(canvas, frame, map, mean, range);
        foreach (int layer in frame.WholeX(0, (int)(frame.X.High - 0.5) - 1)) frame.XLabel(canvas, layer, $"{layer}");
        if (horizon is { } from) frame.VerticalLine(canvas, from - 0.5, Picture.Ink, 5, 3);
    }

    /// <summary>Both horizons and the accuracy by layer, a row for each kind.</summary>
    public static Table Table(IReadOnlyDictionary<string, InformationMap> maps)
    {
        ArgumentNullException.ThrowIfNull(maps);
        int layers = maps.Values.Select(map => map.Withdrawal.ByLayer.Count - 1).DefaultIfEmpty().Max();
        return Display.Table.Of(Sorted(maps), [
            ("questions", kind => Name(kind.Key)), ("probes", kind => kind.Value.Probes.Count),
            ("information horizon", kind => kind.Value.Horizon() is { } horizon ? $"{horizon}" : "none"),
            ("withdrawal horizon", kind => kind.Value.Withdrawal.Horizon() is var horizon && horizon == layers ? "none" : $"{horizon}"),
            .. Enumerable.Range(0, layers + 1).Select<int, (string, Func<KeyValuePair<string, InformationMap>, object?>)>(k =>
                (k == layers ? "all" : $"K={k}", kind => $"{100 * kind.Value.Withdrawal.ByLayer[k].Value:0.0}")),
        ]).Titled("right answers in % when all visual tokens leave at the input of layer K");
    }

    /// <summary>Those that need the picture least deep come first.</summary>
    static IEnumerable<KeyValuePair<string, InformationMap>> Sorted(IReadOnlyDictionary<string, InformationMap> maps) =>
        maps.OrderBy(kind => kind.Value.Withdrawal.Horizon()).ThenBy(kind => kind.Value.Horizon() ?? int.MaxValue);

    static string Name(string category) => category.Length == 0 ? "all" : category.ToLowerInvariant();
}
