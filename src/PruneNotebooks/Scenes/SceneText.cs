namespace PruneNotebooks.Scenes;

/// <summary>A short text in a scene, three or four characters of 0-9 and A-Z.</summary>
/// <param name="Value">What it says.</param>
/// <param name="Scale">1: characters of 5 x 7 pixels, 8 pixels apart, in one cell. 2: of 10 x 14 pixels, 12 pixels apart, in two cells side by side.</param>
/// <param name="Cell">The (left) cell of the 3 x 3 grid that holds it.</param>
/// <param name="X">Left edge, in pixels.</param>
/// <param name="Y">Top edge, in pixels.</param>
public sealed record SceneText(string Value, int Scale, int Cell, int X, int Y)
{
    /// <summary>Its characters, from left to right.</summary>
    public IReadOnlyList<SceneCharacter> Characters { get; } =
        [.. Value.Select((symbol, index) => new SceneCharacter(symbol, index, X + index * Pitch(Scale), Y, Scale))];

    /// <summary>Pixels a text of <paramref name="length"/> characters is wide.</summary>
    internal static int Width(int length, int scale) => SceneFont.Width * scale + (length - 1) * Pitch(scale);

    // At least one patch of 8 pixels, so that no patch holds the middle of two characters.
    static int Pitch(int scale) => scale == 1 ? 8 : 12;

    /// <summary>Two texts are equal when they say the same in the same place.</summary>
    public bool Equals(SceneText? other) =>
        other is not null && (Value, Scale, Cell, X, Y) == (other.Value, other.Scale, other.Cell, other.X, other.Y);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Value, Scale, Cell, X, Y);

    /// <summary>What it says.</summary>
    public override string ToString() => Value;
}
