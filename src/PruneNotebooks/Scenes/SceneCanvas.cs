using PruneNotebooks.Models;

namespace PruneNotebooks.Scenes;

/// <summary>Pixels to draw on, in whole numbers, so that a picture has the same pixels on every machine; it knows which thing every pixel shows.</summary>
internal sealed class SceneCanvas
{
    readonly int[] _rgb;

    public SceneCanvas(int width, int height, (int Red, int Green, int Blue) backdrop)
    {
        (Width, Height) = (width, height);
        (Owners, _rgb) = (new sbyte[width * height], new int[width * height * 3]);
        Array.Fill(Owners, (sbyte)-1);
        for (int pixel = 0; pixel < Owners.Length; pixel++) Paint(pixel, backdrop);
    }

    public int Width { get; }

    public int Height { get; }

    /// <summary>For every pixel which thing it shows, -1 for the background.</summary>
    public sbyte[] Owners { get; }

    /// <summary>Colours one pixel.</summary>
    public void Draw(int x, int y, (int Red, int Green, int Blue) colour, sbyte owner)
    {
        int pixel = y * Width + x;
        Owners[pixel] = owner;
        Paint(pixel, colour);
    }

    /// <summary>Fills a rectangle.</summary>
    public void Fill(int left, int top, int width, int height, (int Red, int Green, int Blue) colour, sbyte owner)
    {
        for (int y = top; y < top + height; y++)
        for (int x = left; x < left + width; x++) Draw(x, y, colour, owner);
    }

    /// <summary>Draws a shape into a square.</summary>
    public void DrawShape(SceneShape shape, int left, int top, int size, (int Red, int Green, int Blue) colour, sbyte owner)
    {
        for (int y = 0; y < size; y++)
        for (int x = 0; x < size; x++)
            if (shape.Covers(x, y, size)) Draw(left + x, top + y, colour, owner);
    }

    /// <summary>Writes a character.</summary>
    public void DrawCharacter(SceneCharacter character, int ink, sbyte owner)
    {
        int scale = character.Scale;
        for (int y = 0; y < SceneFont.Height * scale; y++)
        for (int x = 0; x < SceneFont.Width * scale; x++)
            if (SceneFont.HasInk(character.Symbol, x / scale, y / scale)) Draw(character.X + x, character.Y + y, (ink, ink, ink), owner);
    }

    /// <summary>Red, green, blue of every pixel with noise: -7 to +8 for every channel, four bits each, sixteen of them out of one random number.</summary>
    public byte[] WithNoise(SceneRandom random)
    {
        var noisy = new byte[_rgb.Length];
        ulong bits = 0;
        for (int i = 0; i < noisy.Length; i++, bits >>= 4)
        {
            if (i % 16 == 0) bits = random.Next();
            noisy[i] = (byte)Math.Clamp(_rgb[i] + (int)(bits & 15) - 7, 0, 255);
        }
        return noisy;
    }

    /// <summary>The picture, with noise.</summary>
    public RgbImage ToImage(SceneRandom random) => new(Width, Height, WithNoise(random));

    void Paint(int pixel, (int Red, int Green, int Blue) colour) =>
        (_rgb[3 * pixel], _rgb[3 * pixel + 1], _rgb[3 * pixel + 2]) = colour;
}
