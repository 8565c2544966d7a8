namespace PruneNotebooks.Scenes;

/// <summary>Draws a scene in whole numbers, so that it has the same pixels on every machine.</summary>
internal sealed class SceneRasterizer
{
    readonly SceneRandom _random;
    readonly int[] _rgb = new int[Scene.Size * Scene.Size * 3];

    /// <summary>For every pixel which thing it shows: -1 background, then the objects in order, then the characters of the texts in order.</summary>
    public sbyte[] Owners { get; } = new sbyte[Scene.Size * Scene.Size];

    /// <summary>Red, green, blue of every pixel, noise included.</summary>
    public byte[] Pixels { get; }

    public SceneRasterizer(SceneLayout layout, SceneRandom random)
    {
        _random = random;
        Array.Fill(Owners, (sbyte)-1);
        for (int pixel = 0; pixel < Owners.Length; pixel++) Paint(pixel, layout.Backdrop.Colour);
        sbyte owner = 0;
        foreach (var thing in layout.Objects) DrawObject(thing, owner++);
        foreach (var text in layout.Texts)
        {
            int ink = layout.Backdrop.Ink(random);
            foreach (var character in text.Characters) DrawCharacter(character, ink, owner++);
        }
        Pixels = WithNoise();
    }

    void DrawObject(SceneObject thing, sbyte owner)
    {
        var (red, green, blue) = thing.Colour.Rgb;
        var colour = (red + _random.Between(-14, 14), green + _random.Between(-14, 14), blue + _random.Between(-14, 14));
        for (int y = 0; y < thing.Size; y++)
        for (int x = 0; x < thing.Size; x++)
            if (thing.Shape.Covers(x, y, thing.Size)) Draw(thing.X + x, thing.Y + y, colour, owner);
    }

    void DrawCharacter(SceneCharacter character, int ink, sbyte owner)
    {
        int scale = character.Scale;
        for (int y = 0; y < SceneFont.Height * scale; y++)
        for (int x = 0; x < SceneFont.Width * scale; x++)
            if (SceneFont.HasInk(character.Symbol, x / scale, y / scale)) Draw(character.X + x, character.Y + y, (ink, ink, ink), owner);
    }

    void Draw(int x, int y, (int Red, int Green, int Blue) colour, sbyte owner)
    {
        int pixel = y * Scene.Size + x;
        Owners[pixel] = owner;
        Paint(pixel, colour);
    }

    void Paint(int pixel, (int Red, int Green, int Blue) colour) =>
        (_rgb[3 * pixel], _rgb[3 * pixel + 1], _rgb[3 * pixel + 2]) = colour;

    // -7 to +8 for every channel of every pixel, four bits each, sixteen of them out of one random number.
    byte[] WithNoise()
    {
        var noisy = new byte[_rgb.Length];
        ulong bits = 0;
        for (int i = 0; i < noisy.Length; i++, bits >>= 4)
        {
            if (i % 16 == 0) bits = _random.Next();
            noisy[i] = (byte)Math.Clamp(_rgb[i] + (int)(bits & 15) - 7, 0, 255);
        }
        return noisy;
    }
}
