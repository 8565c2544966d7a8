namespace PruneNotebooks.Scenes;

/// <summary>Draws a scene.</summary>
internal sealed class SceneRasterizer
{
    /// <summary>For every pixel which thing it shows: -1 background, then the objects in order, then the characters of the texts in order.</summary>
    public sbyte[] Owners { get; }

    /// <summary>Red, green, blue of every pixel, noise included.</summary>
    public byte[] Pixels { get; }

    public SceneRasterizer(SceneLayout layout, SceneRandom random)
    {
        var canvas = new SceneCanvas(Scene.Size, Scene.Size, layout.Backdrop.Colour);
        sbyte owner = 0;
        foreach (var thing in layout.Objects) canvas.DrawShape(thing.Shape, thing.X, thing.Y, thing.Size, thing.Colour.Shade(random), owner++);
        foreach (var text in layout.Texts)
        {
            int ink = layout.Backdrop.Ink(random);
            foreach (var character in text.Characters) canvas.DrawCharacter(character, ink, owner++);
        }
        (Owners, Pixels) = (canvas.Owners, canvas.WithNoise(random));
    }
}
