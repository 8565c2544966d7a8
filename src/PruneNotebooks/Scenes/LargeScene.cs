using PruneNotebooks.Models;

namespace PruneNotebooks.Scenes;

/// <summary>A large drawn picture with a few small objects, of which a thumbnail loses nearly everything: for methods that look at the whole first and at tiles where it matters.</summary>
/// <remarks>Objects are of the sizes, colours and shapes of a <see cref="Scene"/>, so that a model that reads scenes reads its tiles of 96 pixels.</remarks>
public sealed class LargeScene
{
    LargeScene(ulong seed, int size, int objects)
    {
        var random = new SceneRandom(seed);
        var backdrop = Backdrop.Choose(random);
        List<int> cells = [.. Enumerable.Range(0, 9)];
        random.Shuffle(cells);
        var kinds = (from colour in SceneColours.All from shape in SceneShapes.All select (Colour: colour, Shape: shape)).ToList();
        random.Shuffle(kinds);
        Objects = [.. cells.Take(objects).Zip(kinds, (cell, kind) => Place(random, size, cell, kind.Colour, kind.Shape))];
        var canvas = new SceneCanvas(size, size, backdrop.Colour);
        for (int i = 0; i < Objects.Count; i++)
            canvas.DrawShape(Objects[i].Shape, Objects[i].X, Objects[i].Y, Objects[i].Size, Objects[i].Colour.Shade(random), (sbyte)i);
        (Seed, Image) = (seed, canvas.ToImage(random));
        Questions = new SceneQuestions(new SceneLayout(backdrop, Objects, []), random).Ask(QuestionMix.Evaluation);
    }

    /// <summary>The number it was drawn from.</summary>
    public ulong Seed { get; }

    /// <summary>The picture, square.</summary>
    public RgbImage Image { get; }

    /// <summary>The objects, each in another cell of the 3 x 3 grid, no two of the same colour and shape.</summary>
    public IReadOnlyList<SceneObject> Objects { get; }

    /// <summary>Questions and their answers; without a text to read.</summary>
    public IReadOnlyList<SceneQuestion> Questions { get; }

    /// <summary>Draws one.</summary>
    /// <param name="seed">Any number; the same number and sizes always give the same picture.</param>
    /// <param name="size">Width and height, pixels, 96 or more.</param>
    /// <param name="objects">How many objects, 1 to 9.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public static LargeScene Draw(ulong seed, int size = 672, int objects = 4)
    {
        if (size < Scene.Size) throw new ArgumentOutOfRangeException(nameof(size), size, $"A large picture is {Scene.Size} pixels wide or more; it was {size}.");
        if (objects is < 1 or > 9) throw new ArgumentOutOfRangeException(nameof(objects), objects, $"There is room for 1 to 9 objects; it was {objects}.");
        return new(seed, size, objects);
    }

    static SceneObject Place(SceneRandom random, int size, int cell, SceneColour colour, SceneShape shape)
    {
        int side = random.Between(13, 27), room = size / 3;
        return new(colour, shape, cell, cell % 3 * room + 1 + random.Below(room - 2 - side + 1), cell / 3 * room + 1 + random.Below(room - 2 - side + 1), side);
    }

    /// <summary>Such as "large scene 7, 672 x 672 pixels: red circle, blue ring".</summary>
    public override string ToString() => $"large scene {Seed}, {Image}: {string.Join(", ", Objects)}";
}
