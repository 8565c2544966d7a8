using PruneNotebooks.Metrics;
using PruneNotebooks.Models;
using SkiaSharp;

namespace PruneNotebooks.Display;

/// <summary>How many answers stay right when all visual tokens leave at a layer, as a picture: one line, or one for each kind of question.</summary>
public static class WithdrawalPicture
{
    const int Left = 44, Right = 110, Head = 48, Width = 560, Height = 220, Foot = 44;

    /// <summary>Draws one curve with its horizon and 95 % intervals.</summary>
    public static RgbImage Of(Withdrawal withdrawal)
    {
        ArgumentNullException.ThrowIfNull(withdrawal);
        int layers = withdrawal.ByLayer.Count - 1;
        return Picture.Draw(Left + Width + Right, Head + Height + Foot, canvas =>
        {
            Lettering.Draw(canvas, $"{withdrawal}", 2, 15, ChartFrame.TitleSize, Picture.Ink);
            var frame = Chart(canvas, layers, "Right answers when all visual tokens leave at a layer's input, with 95 % intervals", ("", withdrawal));
            if (withdrawal.Horizon() is var horizon && horizon < layers) frame.VerticalLine(canvas, horizon - 0.5, Picture.Ink, 5, 3);
        });
    }

    /// <summary>The curve in numbers.</summary>
    public static string Text(Withdrawal withdrawal)
    {
        ArgumentNullException.ThrowIfNull(withdrawal);
        return $"{withdrawal}\n{Table.Of(withdrawal.ByLayer.Index(), ("picture read in the first", right => $"{right.Index} layers"), ("right", right => right.Item))}";
    }

    /// <summary>The frame of such curves: layers 0 to <paramref name="layers"/>, the last for the model as it is, and percent.</summary>
    internal static ChartFrame Frame(SKRect plot, int layers) => new(plot, new(-0.5, layers + 0.5), new(0, 103));

    /// <summary>The curves with their axes.</summary>
    internal static void Lines(SKCanvas canvas, ChartFrame frame, params IReadOnlyList<(string Name, Withdrawal Withdrawal)> curves)
    {
        int layers = (int)(frame.X.High - 0.5);
        frame.YTicks(canvas, y => $"{y} %");
        bool bars = curves.Count == 1;      // Bars of several curves would hide each other.
        LineDrawing.Draw(canvas, frame, [.. curves.Select(curve => Line(curve.Name, curve.Withdrawal, bars))]);
        frame.Border(canvas);
        foreach (int layer in frame.WholeX(0, layers - 1)) frame.XLabel(canvas, layer, $"{layer}");
        frame.XLabel(canvas, layers, "never");
    }

    static ChartFrame Chart(SKCanvas canvas, int layers, string title, params IReadOnlyList<(string, Withdrawal)> curves)
    {
        var frame = Frame(SKRect.Create(Left, Head, Width, Height), layers);
        frame.Title(canvas, title);
        Lines(canvas, frame, curves);
        frame.XTitle(canvas, "decoder layer at whose input all visual tokens leave");
        return frame;
    }

    static Series Line(string name, Withdrawal withdrawal, bool bars)
    {
        var line = new Series(name, [.. Enumerable.Range(0, withdrawal.ByLayer.Count).Select(k => (double)k)], [.. withdrawal.ByLayer.Select(right => 100 * right.Value)]);
        return bars ? line.WithIntervals([.. withdrawal.ByLayer.Select(right => right.Interval() is var (low, high) ? new Interval(100 * low, 100 * high) : default)]) : line;
    }
}
