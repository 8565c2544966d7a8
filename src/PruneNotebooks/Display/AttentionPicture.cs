using PruneNotebooks.Metrics;
using PruneNotebooks.Models;
using PruneNotebooks.Tokens;
using SkiaSharp;

namespace PruneNotebooks.Display;

/// <summary>Where the attention of a model's text goes, as a picture: shares of the prompt's parts, rows of visual tokens, and the trend over places, layer by layer.</summary>
public static class AttentionPicture
{
    const int Left = 58, Right = 132, Head = 66, Gap = 40, ShareHeight = 170, TrendHeight = 120, Foot = 44;
    const float HeadingSize = 15;

    /// <summary>The strength of the bias that the paper reports for models of 7 and 13 billion weights (arXiv 2508.17807).</summary>
    static readonly Interval Published = new(0.70, 1.52);

    // From the lowest part of the stack to the highest.
    static readonly (string Name, Func<AttentionShares, double> Of, SKColor Colour)[] Parts =
    [
        ("picture", shares => shares.Visual, SKColor.Parse("#0072B2")),
        ("text behind it", shares => shares.Behind, SKColor.Parse("#E69F00")),
        ("text before it", shares => shares.Before, SKColor.Parse("#CC79A7")),
        ("first token", shares => shares.First, SKColor.Parse("#222222")),
    ];

    /// <summary>Draws a measurement.</summary>
    public static RgbImage Of(AttentionProfile profile)
    {
        ArgumentNullException.ThrowIfNull(profile);
        int layers = profile.Layers, width = layers * Math.Clamp(560 / layers, 12, 56);
        int rowHeight = Math.Clamp(170 / profile.Grid.Height, 3, 14), mapHeight = rowHeight * profile.Grid.Height;
        string[] captions = Captions(profile);
        int paper = Math.Max(Left + width + Right, 4 + (int)Math.Max(Lettering.Width(captions[0], HeadingSize), Lettering.Width(captions[1], ChartFrame.TitleSize)));
        return Picture.Draw(paper, Head + ShareHeight + Gap + mapHeight + Gap + TrendHeight + Foot, canvas =>
        {
            Lettering.Draw(canvas, captions[0], 0, 15, HeadingSize, Picture.Ink);
            Lettering.Draw(canvas, captions[1], 0, 34, ChartFrame.TitleSize, Picture.PaleInk);
            Interval x = new(-0.5, layers - 0.5);

            var shares = new ChartFrame(SKRect.Create(Left, Head, width, ShareHeight), x, new(0, 1));
            shares.Title(canvas, "Where it goes");
            shares.YTicks(canvas, Units.Percent);
            Stack(canvas, shares, [.. Enumerable.Range(0, layers).Select(profile.Shares)]);
            shares.Border(canvas);

            var rows = new ChartFrame(SKRect.Create(Left, shares.Plot.Bottom + Gap, width, mapHeight), x, new(profile.Grid.Height, 0));
            rows.Title(canvas, "Within the picture: rows of visual tokens from top to bottom, in multiples of an even share");
            Rows(canvas, rows, [.. Enumerable.Range(0, layers).Select(layer => Relative(profile.ByRow(layer)))]);

            AttentionBias[] trends = [.. Enumerable.Range(0, layers).Select(layer => profile.Bias(layer))];
            var sigma = new ChartFrame(SKRect.Create(Left, rows.Plot.Bottom + Gap, width, TrendHeight), x, Room(trends));
            sigma.Title(canvas, "Trend over places, exp(σ i / N): above 0, later tokens get more (recency); 95 % intervals over pictures");
            Band(canvas, sigma);
            sigma.YTicks(canvas);
            sigma.HorizontalLine(canvas, 0, Picture.PaleInk);
            var line = new Series("", [.. Enumerable.Range(0, layers).Select(l => (double)l)], [.. trends.Select(trend => trend.Sigma!.Value)]);
            LineDrawing.Draw(canvas, sigma, line.WithIntervals([.. trends.Select(trend => trend.SigmaInterval!.Value)]));
            sigma.Border(canvas);
            foreach (int layer in sigma.WholeX(0, layers - 1)) sigma.XLabel(canvas, layer, $"{layer}");
            sigma.XTitle(canvas, "decoder layer");
        });
    }

    /// <summary>The picture in words and numbers.</summary>
    public static string Text(AttentionProfile profile)
    {
        ArgumentNullException.ThrowIfNull(profile);
        return $"{string.Join('\n', Captions(profile))}\n{ByLayer(profile)}";
    }

    /// <summary>Shares, lower half and trend as a table, a row for each layer.</summary>
    public static Table ByLayer(AttentionProfile profile)
    {
        ArgumentNullException.ThrowIfNull(profile);
        return Table.Of(Enumerable.Range(0, profile.Layers).Select(layer => (Layer: layer, Shares: profile.Shares(layer), Trend: profile.Bias(layer))), [
            ("layer", row => row.Layer),
            .. Parts.Select<(string Name, Func<AttentionShares, double> Of, SKColor), (string, Func<(int Layer, AttentionShares Shares, AttentionBias Trend), object?>)>(
                part => (part.Name, row => Units.Percent(Math.Round(part.Of(row.Shares), 4)))),
            ("lower half", row => Units.Percent(profile.LowerHalf(row.Layer))), ("sigma", row => row.Trend.Sigma), ("95 %", row => $"{row.Trend.SigmaInterval}")]);
    }

    static string[] Captions(AttentionProfile profile)
    {
        int pictures = profile.Probes.Select(probe => probe.Picture).Distinct().Count();
        string whose = profile.Queries == Queries.LastToken ? "the last prompt token" : "the text behind the picture";
        return [$"Attention of {whose} in {profile.Model}", $"Mean over heads and {profile.Probes.Count} prompts about {pictures} picture{(pictures == 1 ? "" : "s")}."];
    }

    static void Stack(SKCanvas canvas, ChartFrame frame, AttentionShares[] byLayer)
    {
        using var paint = new SKPaint();
        for (int layer = 0; layer < byLayer.Length; layer++)
        {
            double from = 0;
            foreach (var (_, share, colour) in Parts)
            {
                double to = from + share(byLayer[layer]);
                paint.Color = colour;
                // A pixel of white parts layers, and parts that are high enough to spare it.
                canvas.DrawRect(new(MathF.Round(frame.AtX(layer - 0.5)) + 1, frame.AtY(to), MathF.Round(frame.AtX(layer + 0.5)), frame.AtY(from)), paint);
                paint.Color = SKColors.White;
                if (frame.AtY(from) - frame.AtY(to) > 4) canvas.DrawRect(frame.AtX(layer - 0.5), frame.AtY(to), frame.AtX(layer + 0.5) - frame.AtX(layer - 0.5), 1, paint);
                from = to;
            }
        }
        var last = byLayer[^1];
        double[] ends = [0, .. Parts.Select(part => part.Of(last))];
        float[] middles = [.. Parts.Select((_, i) => frame.AtY(ends.Take(i + 1).Sum() + ends[i + 1] / 2))];
        float[] at = LineDrawing.Apart([.. middles.Reverse()], frame.Plot.Top, frame.Plot.Bottom);
        for (int i = 0; i < Parts.Length; i++)
            Lettering.Draw(canvas, Parts[^(i + 1)].Name, frame.Plot.Right + 8, at[i] + ChartFrame.TextSize * Lettering.CapHeight / 2, ChartFrame.TextSize, Ink(Parts[^(i + 1)].Colour));
    }

    // Orange and pink letters on white are darkened to be read.
    static SKColor Ink(SKColor colour) => colour.Red > 0x60 ? new((byte)(colour.Red * 0.72), (byte)(colour.Green * 0.72), (byte)(colour.Blue * 0.72)) : colour;

    static double[] Relative(double[] rows) => Array.ConvertAll(rows, row => row / rows.Average());

    static void Rows(SKCanvas canvas, ChartFrame frame, double[][] byLayer)
    {
        double low = byLayer.Min(rows => rows.Min()), high = byLayer.Max(rows => rows.Max());
        using var paint = new SKPaint();
        for (int layer = 0; layer < byLayer.Length; layer++)
            for (int row = 0; row < byLayer[layer].Length; row++)
            {
                paint.Color = Shade((byLayer[layer][row] - low) / Math.Max(1e-9, high - low));
                canvas.DrawRect(new(MathF.Round(frame.AtX(layer - 0.5)) + 1, MathF.Round(frame.AtY(row)), MathF.Round(frame.AtX(layer + 0.5)), MathF.Round(frame.AtY(row + 1))), paint);
            }
        int rowCount = byLayer[0].Length, step = 1;
        while (step * frame.Plot.Height / rowCount < 13) step++;
        for (int row = 0; row < rowCount; row += step) frame.YLabel(canvas, row + 0.5, $"row {row + 1}");
        for (int y = 0; y < frame.Plot.Height; y++)
        {
            paint.Color = Shade(1 - y / Math.Max(1.0, frame.Plot.Height - 1));
            canvas.DrawRect(frame.Plot.Right + 10, frame.Plot.Top + y, 10, 1, paint);
        }
        foreach (double value in new[] { low, (low + high) / 2, high })
            Lettering.Draw(canvas, $"{Units.Number(Math.Round(value, 2))} ×", frame.Plot.Right + 25,
                Math.Clamp(frame.Plot.Bottom - (float)((value - low) / Math.Max(1e-9, high - low)) * frame.Plot.Height + 4, frame.Plot.Top + 8, frame.Plot.Bottom), ChartFrame.TextSize, Picture.PaleInk);
    }

    static SKColor Shade(double part)
    {
        var (r, g, b) = ColourMap.Viridis[part];
        return new(r, g, b);
    }

    static Interval Room(AttentionBias[] trends)
    {
        double low = Math.Min(0, trends.Min(trend => trend.SigmaInterval!.Value.Low)), high = Math.Max(Published.High, trends.Max(trend => trend.SigmaInterval!.Value.High));
        return new(low - 0.05 * (high - low), high + 0.05 * (high - low));
    }

    static void Band(SKCanvas canvas, ChartFrame frame)
    {
        using var paint = new SKPaint { Color = new SKColor(0xF0, 0xE8, 0xD8) };
        canvas.DrawRect(new(frame.Plot.Left, frame.AtY(Published.High), frame.Plot.Right, frame.AtY(Published.Low)), paint);
        float middle = frame.AtY((Published.Low + Published.High) / 2);
        Lettering.Draw(canvas, "published for", frame.Plot.Right + 8, middle - 3, ChartFrame.TextSize, Picture.PaleInk);
        Lettering.Draw(canvas, "7B and 13B", frame.Plot.Right + 8, middle + 10, ChartFrame.TextSize, Picture.PaleInk);
    }
}
