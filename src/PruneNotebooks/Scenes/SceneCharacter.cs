namespace PruneNotebooks.Scenes;

/// <summary>One character of a text in a scene.</summary>
/// <param name="Symbol">0-9 or A-Z.</param>
/// <param name="Index">Its place in the text, from 0.</param>
/// <param name="X">Left edge, in pixels.</param>
/// <param name="Y">Top edge, in pixels.</param>
/// <param name="Scale">Screen pixels per pixel of the font: 1 or 2.</param>
public sealed record SceneCharacter(char Symbol, int Index, int X, int Y, int Scale)
{
    /// <summary>Column of its middle pixel.</summary>
    public int CentreX => X + SceneFont.Width * Scale / 2;

    /// <summary>Row of its middle pixel.</summary>
    public int CentreY => Y + SceneFont.Height * Scale / 2;

    /// <summary>The character.</summary>
    public override string ToString() => Symbol.ToString();
}
