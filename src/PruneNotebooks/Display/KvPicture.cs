using PruneNotebooks.Models;
using PruneNotebooks.Tokens;
using SkiaSharp;

namespace PruneNotebooks.Display;

/// <summary>The KV cache after the prefill as a picture: decoder layers from top to bottom, positions of the prompt from left to right.</summary>
public static class KvPicture
{
    internal static readonly SKColor Visual = new(0x00, 0x72, 0xB2), Text = new(0xE6, 0x9F, 0x00), Gone = new(0xE8, 0xE8, 0xE8);
    const float TextSize = 11;
    const int Head = 22, Foot = 18, WidestMap = 800;

    /// <summary>Draws which tokens of the prompt each layer has in its cache.</summary>
    public static RgbImage Of(PruningTrace trace)
    {
        ArgumentNullException.ThrowIfNull(trace);
        var colours = Colours(trace);
        int layers = colours.Length, positions = colours[0].Length;
        int rowHeight = Math.Clamp(180 / layers, 3, 16), width = positions <= WidestMap ? positions * Math.Min(16, WidestMap / positions) : WidestMap;
        string[] right = [.. trace.Alive.Select(alive => $"{alive.Count}")];
        int labels = Wide($"layer {layers - 1}") + 8, height = layers * rowHeight;
        int paper = Math.Max(labels + width + 8 + right.Max(Wide), 430);
        return Picture.Draw(paper, Head + height + Foot, canvas =>
        {
            Legend(canvas, labels);
            canvas.Put(Map(colours, width, rowHeight), labels, Head);
            for (int layer = 0, free = 0; layer < layers; layer++)
            {
                // A label where the number of tokens changes, moved down a little where the last one is too near.
                int top = Math.Max(free, Head + layer * rowHeight), lowest = Head + height - rowHeight;
                bool changed = layer == 0 || right[layer] != right[layer - 1], last = layer == layers - 1 && top <= lowest;
                if (!changed && !last || top > lowest) continue;
                float baseline = top + rowHeight / 2f + TextSize * Lettering.CapHeight / 2;
                Lettering.Draw(canvas, $"layer {layer}", 0, baseline, TextSize, Picture.PaleInk);
                Lettering.Draw(canvas, right[layer], labels + width + 8, baseline, TextSize, Picture.PaleInk);
                free = top + 13;
            }
            float foot = Head + height + 13;
            Lettering.Draw(canvas, "0", labels, foot, TextSize, Picture.PaleInk);
            string end = $"{positions - 1}";
            Lettering.Draw(canvas, end, labels + width - Wide(end), foot, TextSize, Picture.PaleInk);
            const string axis = "position in the prompt";
            Lettering.Draw(canvas, axis, labels + (width - Wide(axis)) / 2f, foot, TextSize, Picture.PaleInk);
        });
    }

    /// <summary>The colour of each position in each layer.</summary>
    static SKColor[][] Colours(PruningTrace trace)
    {
        int positions = 1 + (int)trace.Alive.Max(alive => alive.Count == 0 ? 0 : alive[^1]);
        var kinds = new SKColor[positions];
        Array.Fill(kinds, Text);
        foreach (var image in trace.Images)
            if (image.Start is { } start) Array.Fill(kinds, Visual, start, image.Tokens);
        return [.. trace.Alive.Select(alive =>
        {
            var row = new SKColor[positions];
            Array.Fill(row, Gone);
            foreach (long position in alive) row[position] = kinds[position];
            return row;
        })];
    }

    /// <summary>The layers as bands of pixels; where there are more positions than pixels, a pixel has their mean colour.</summary>
    static RgbImage Map(SKColor[][] colours, int width, int rowHeight)
    {
        int positions = colours[0].Length;
        var pixels = new byte[colours.Length * rowHeight * width * 3];
        for (int layer = 0; layer < colours.Length; layer++)
        {
            var band = pixels.AsSpan(layer * rowHeight * width * 3, rowHeight * width * 3);
            for (int x = 0; x < width; x++)
            {
                int from = (int)((long)x * positions / width), to = Math.Max(from + 1, (int)((long)(x + 1) * positions / width));
                var part = colours[layer].AsSpan(from, to - from);
                int r = 0, g = 0, b = 0;
                foreach (var colour in part) (r, g, b) = (r + colour.Red, g + colour.Green, b + colour.Blue);
                (band[3 * x], band[3 * x + 1], band[3 * x + 2]) = ((byte)(r / part.Length), (byte)(g / part.Length), (byte)(b / part.Length));
            }
            // A white line parts the layers.
            for (int row = 1; row < rowHeight; row++)
            {
                var line = band.Slice(row * width * 3, width * 3);
                if (row == rowHeight - 1) line.Fill(255);
                else band[..(width * 3)].CopyTo(line);
            }
        }
        return new(width, colours.Length * rowHeight, pixels);
    }

    static void Legend(SKCanvas canvas, float x)
    {
        using var paint = new SKPaint();
        foreach (var (colour, label) in new[] { (Visual, "visual token in the KV cache"), (Text, "text token"), (Gone, "left before") })
        {
            paint.Color = colour;
            canvas.DrawRect(x, 4, 10, 10, paint);
            Lettering.Draw(canvas, label, x + 15, 13, TextSize, Picture.Ink);
            x += 15 + Wide(label) + 16;
        }
    }

    static int Wide(string text) => (int)Math.Ceiling(Lettering.Width(text, TextSize));
}
