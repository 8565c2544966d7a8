namespace PruneNotebooks.Scenes;

/// <summary>What stands where in a scene, before it is drawn.</summary>
internal sealed record SceneLayout(Backdrop Backdrop, IReadOnlyList<SceneObject> Objects, IReadOnlyList<SceneText> Texts)
{
    const int CellSize = Scene.Size / 3;

    /// <summary>Places texts first, then objects, each into free cells of the 3 x 3 grid.</summary>
    public static SceneLayout Place(SceneRandom random, TextPresence presence)
    {
        // The order in which numbers are drawn is part of the definition of a scene.
        int objectCount = random.Between(2, 6);
        int textCount = TextCount(random, presence);
        if (presence == TextPresence.Crowded) objectCount = random.Between(1, 5);
        var backdrop = Backdrop.Choose(random);
        List<int> free = [.. Enumerable.Range(0, 9)];
        var texts = PlaceTexts(random, textCount, free);
        return new(backdrop, PlaceObjects(random, Math.Min(objectCount, free.Count), free), texts);
    }

    static int TextCount(SceneRandom random, TextPresence presence) => presence switch
    {
        TextPresence.Never => 0,
        TextPresence.Usually => random.Chance(70) ? 1 : 0,
        TextPresence.Always => 1,
        TextPresence.Crowded => random.Between(1, 3),
        _ => throw new ArgumentOutOfRangeException(nameof(presence), presence, "Never, Usually, Always or Crowded is expected."),
    };

    static List<SceneText> PlaceTexts(SceneRandom random, int count, List<int> free)
    {
        List<SceneText> texts = [];
        while (texts.Count < count)
        {
            int scale = random.Between(1, 2);
            string value = string.Concat(Enumerable.Range(0, random.Between(3, 4)).Select(_ => SceneFont.Characters[random.Below(SceneFont.Characters.Length)]));
            List<int> cells = scale == 1 ? free : [.. free.Where(cell => cell % 3 < 2 && free.Contains(cell + 1))];
            if (cells.Count == 0) break;
            int cell = random.Pick(cells);
            var (left, top) = Corner(cell);
            int width = SceneText.Width(value.Length, scale), height = SceneFont.Height * scale;
            // A small text of four characters needs nearly the whole cell, so only large ones keep a margin at the sides.
            int x = scale == 1 ? left + random.Below(CellSize - width + 1) : left + 1 + random.Below(2 * CellSize - 2 - width + 1);
            texts.Add(new(value, scale, cell, x, top + Jitter(random, height)));
            free.Remove(cell);
            if (scale == 2) free.Remove(cell + 1);
        }
        return texts;
    }

    static List<SceneObject> PlaceObjects(SceneRandom random, int count, List<int> free)
    {
        // Half of the scenes draw from few colours, half from few shapes: otherwise hardly anything would occur twice.
        int colourCount = random.Chance(50) ? SceneColours.All.Count : random.Between(2, 4);
        int shapeCount = random.Chance(50) ? SceneShapes.All.Count : random.Between(2, 3);
        var colours = Some(random, SceneColours.All, colourCount);
        var shapes = Some(random, SceneShapes.All, shapeCount);
        List<SceneObject> objects = [];
        while (objects.Count < count)
        {
            int cell = random.Pick(free);
            free.Remove(cell);
            var (left, top) = Corner(cell);
            int size = random.Between(13, 27);
            int x = left + Jitter(random, size), y = top + Jitter(random, size);
            objects.Add(new(random.Pick(colours), random.Pick(shapes), cell, x, y, size));
        }
        return objects;
    }

    static List<T> Some<T>(SceneRandom random, IReadOnlyList<T> all, int count)
    {
        List<T> items = [.. all];
        random.Shuffle(items);
        return items[..count];
    }

    static (int Left, int Top) Corner(int cell) => (cell % 3 * CellSize, cell / 3 * CellSize);

    // Anywhere in a cell, one pixel away from its edges.
    static int Jitter(SceneRandom random, int size) => 1 + random.Below(CellSize - 2 - size + 1);
}
