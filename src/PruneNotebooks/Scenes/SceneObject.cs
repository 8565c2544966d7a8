namespace PruneNotebooks.Scenes;

/// <summary>A coloured shape in a scene.</summary>
/// <param name="Colour">Its colour.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Cell">The cell of the 3 x 3 grid that holds it: 0 top left, 2 top right, 8 bottom right. A cell holds one thing at most.</param>
/// <param name="X">Left edge, in pixels.</param>
/// <param name="Y">Top edge, in pixels.</param>
/// <param name="Size">Side of its bounding square, in pixels (13 to 27).</param>
public sealed record SceneObject(SceneColour Colour, SceneShape Shape, int Cell, int X, int Y, int Size)
{
    /// <summary>Row of its cell, 0 (top) to 2.</summary>
    public int Row => Cell / 3;

    /// <summary>Column of its cell, 0 (left) to 2.</summary>
    public int Column => Cell % 3;

    /// <summary>Column of its middle pixel.</summary>
    public int CentreX => X + Size / 2;

    /// <summary>Row of its middle pixel.</summary>
    public int CentreY => Y + Size / 2;

    /// <summary>Such as "red circle".</summary>
    public override string ToString() => $"{Colour.Word} {Shape.Word}";
}
