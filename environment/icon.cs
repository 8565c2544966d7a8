#:package SkiaSharp
#:package SkiaSharp.NativeAssets.Linux.NoDependencies
#:property PublishAot=false

// Draws the packages' icon, data/images/icon.png: visual tokens on a grid, those that stay bright.
//   dotnet run environment/icon.cs data/images/icon.png
using SkiaSharp;

const int side = 128, cells = 6;
const float margin = 13, pitch = (side - 2 * margin) / cells, gap = 3;
// A ring and its centre, as a method leaves of a round thing: 0 pruned, 1 kept, 2 the highest scores. The colours are those of the kernel's logo.
string[] kept = ["001100", "010010", "100201", "102001", "010010", "001100"];
SKColor[] inks = [new(0x3B, 0x1F, 0xA3), new(0xFF, 0xFF, 0xFF), new(0xFF, 0xD1, 0x66)];

using var bitmap = new SKBitmap(new SKImageInfo(side, side, SKColorType.Rgba8888, SKAlphaType.Premul));
using (var canvas = new SKCanvas(bitmap))
{
    canvas.Clear(SKColors.Transparent);
    using var paint = new SKPaint { IsAntialias = true, Color = new(0x51, 0x2B, 0xD4) };
    canvas.DrawRoundRect(0, 0, side, side, 26, 26, paint);
    for (int row = 0; row < cells; row++)
        for (int column = 0; column < cells; column++)
        {
            paint.Color = inks[kept[row][column] - '0'];
            canvas.DrawRoundRect(margin + column * pitch + gap / 2, margin + row * pitch + gap / 2, pitch - gap, pitch - gap, 3, 3, paint);
        }
}
using var png = bitmap.Encode(SKEncodedImageFormat.Png, 100);
File.WriteAllBytes(args[0], png.ToArray());
