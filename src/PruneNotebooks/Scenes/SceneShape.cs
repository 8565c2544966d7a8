namespace PruneNotebooks.Scenes;

/// <summary>The shapes that objects of a scene have; questions call them by these names in lower case.</summary>
public enum SceneShape
{
    /// <summary>A disc.</summary>
    Circle,
    /// <summary>The whole square.</summary>
    Square,
    /// <summary>Point up, base down.</summary>
    Triangle,
    /// <summary>An upright cross; its arms are a third of the side wide.</summary>
    Cross,
    /// <summary>A disc with a hole of 55 % of its diameter, through which the background shows.</summary>
    Ring,
}

static class SceneShapes
{
    public static readonly IReadOnlyList<SceneShape> All = Enum.GetValues<SceneShape>();

    static readonly string[] Words = [.. All.Select(shape => shape.ToString().ToLowerInvariant())];

    static readonly string[] Plurals = [.. All.Select(shape => shape == SceneShape.Cross ? "crosses" : Words[(int)shape] + "s")];

    extension(SceneShape shape)
    {
        /// <summary>The word for the shape in questions and answers.</summary>
        public string Word => Words[(int)shape];

        /// <summary>The word for several of them.</summary>
        public string Plural => Plurals[(int)shape];

        /// <summary>Whether the shape, drawn into a square of <paramref name="size"/> pixels, covers the pixel at (<paramref name="x"/>, <paramref name="y"/>).</summary>
        public bool Covers(int x, int y, int size)
        {
            // Doubled distances from the middle stay whole numbers for odd and even sizes: the picture is the same on every machine.
            int across = 2 * x - (size - 1), down = 2 * y - (size - 1);
            int radius = across * across + down * down;
            return shape switch
            {
                SceneShape.Circle => radius <= size * size,
                SceneShape.Square => true,
                SceneShape.Triangle => Math.Abs(across) <= y + 1,
                SceneShape.Cross => 3 * Math.Abs(across) <= size || 3 * Math.Abs(down) <= size,
                _ => radius <= size * size && 100 * radius >= 30 * size * size,
            };
        }
    }
}
