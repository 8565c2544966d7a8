using PruneNotebooks.Models;
using static TorchSharp.torch;

namespace PruneNotebooks.Scenes;

/// <summary>One view of a scene in space.</summary>
/// <param name="Image">The picture, 96 x 96 pixels.</param>
/// <param name="Depth">For every pixel, row by row, how far what it shows lies along the camera's axis, metres.</param>
/// <param name="Owners">For every pixel which object it shows, -1 for the wall.</param>
/// <param name="Pose">Camera to world, 4 x 4, row by row: x to the right, y down, z ahead.</param>
public sealed record Viewpoint(RgbImage Image, IReadOnlyList<float> Depth, IReadOnlyList<sbyte> Owners, IReadOnlyList<double> Pose);

/// <summary>A drawn scene in space, seen from several places: flat objects that stand at different depths in front of a wall, with depth maps and camera poses.</summary>
/// <remarks>
/// Cameras stand side by side and look at the same point, so that near objects move against far ones from view to view and may hide each other. Colours and shapes are those of a <see cref="Scene"/>.
/// Directions of cameras are ratios of whole numbers, so that every machine draws the same pixels.
/// </remarks>
public sealed class Viewpoints
{
    const double Focal = 96, Centre = 47.5, Wall = 5, LookedAt = 3, Baseline = 1.2;

    readonly double[] distances;

    Viewpoints(ulong seed, int views, int objects)
    {
        var random = new SceneRandom(seed);
        var backdrop = Backdrop.Choose(random);
        List<int> cells = [.. Enumerable.Range(0, 9)];
        random.Shuffle(cells);
        Objects = [.. cells.Take(objects).Order().Select(cell => Place(random, cell))];
        // Between 2 and 4 metres, in steps of an eighth.
        distances = [.. Objects.Select(_ => random.Between(16, 32) / 8.0)];
        var shades = Objects.Select(thing => thing.Colour.Shade(random)).ToArray();
        Seed = seed;
        Views = [.. Enumerable.Range(0, views).Select(view => Render(views == 1 ? 0 : Baseline * view / (views - 1) - Baseline / 2, backdrop, shades, random))];
        Questions = new SceneQuestions(new SceneLayout(backdrop, Objects, []), random).Ask(QuestionMix.Evaluation with { Relation = 0, Where = 0 });
    }

    /// <summary>The number it was drawn from.</summary>
    public ulong Seed { get; }

    /// <summary>The objects, as a camera in the middle of all would see them.</summary>
    public IReadOnlyList<SceneObject> Objects { get; }

    /// <summary>How far each object stands from the line of the cameras, metres.</summary>
    public IReadOnlyList<double> Distances => distances;

    /// <summary>The views, from left to right.</summary>
    public IReadOnlyList<Viewpoint> Views { get; }

    /// <summary>Questions and their answers that hold for the scene, whatever the view.</summary>
    public IReadOnlyList<SceneQuestion> Questions { get; }

    /// <summary>Draws one.</summary>
    /// <param name="seed">Any number; the same numbers always give the same scene.</param>
    /// <param name="views">How many cameras, 1 to 16.</param>
    /// <param name="objects">How many objects, 1 to 9.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public static Viewpoints Draw(ulong seed, int views = 4, int objects = 5)
    {
        if (views is < 1 or > 16) throw new ArgumentOutOfRangeException(nameof(views), views, $"There are 1 to 16 cameras; it was {views}.");
        if (objects is < 1 or > 9) throw new ArgumentOutOfRangeException(nameof(objects), objects, $"There is room for 1 to 9 objects; it was {objects}.");
        return new(seed, views, objects);
    }

    /// <summary>The depth maps of all views, float32 <c>[V, 96, 96]</c>.</summary>
    public Tensor Depth() => tensor([.. Views.SelectMany(view => view.Depth)], [Views.Count, Scene.Size, Scene.Size]);

    /// <summary>The camera of all views, float64 <c>[3, 3]</c>.</summary>
    public static Tensor Intrinsic() => tensor(new[,] { { Focal, 0, Centre }, { 0, Focal, Centre }, { 0, 0, 1 } });

    /// <summary>Camera to world of all views, float64 <c>[V, 4, 4]</c>.</summary>
    public Tensor Poses() => tensor([.. Views.SelectMany(view => view.Pose)], [Views.Count, 4, 4]);

    /// <summary>Which patches of a view show which object, row by row.</summary>
    /// <param name="view">Which view.</param>
    /// <param name="patchSize">Side of a patch in pixels, a divisor of 96.</param>
    /// <returns>For each patch the objects of which it shows a pixel.</returns>
    public IReadOnlyList<IReadOnlySet<int>> ObjectsByPatch(int view, int patchSize)
    {
        if (patchSize < 1 || Scene.Size % patchSize != 0) throw new ArgumentOutOfRangeException(nameof(patchSize), patchSize, $"A divisor of {Scene.Size} is expected: patches must fill the picture.");
        int side = Scene.Size / patchSize;
        HashSet<int>[] shown = [.. Enumerable.Range(0, side * side).Select(_ => new HashSet<int>())];
        for (int pixel = 0; pixel < Scene.Size * Scene.Size; pixel++)
            if (Views[view].Owners[pixel] is var owner and >= 0) shown[pixel / Scene.Size / patchSize * side + pixel % Scene.Size / patchSize].Add(owner);
        return shown;
    }

    static SceneObject Place(SceneRandom random, int cell)
    {
        int size = random.Between(15, 27), room = Scene.Size / 3;
        return new(random.Pick(SceneColours.All), random.Pick(SceneShapes.All), cell, cell % 3 * room + random.Below(room - size + 1), cell / 3 * room + random.Below(room - size + 1), size);
    }

    Viewpoint Render(double cameraX, Backdrop backdrop, (int, int, int)[] shades, SceneRandom random)
    {
        // Half the angle to the point that is looked at has a tangent of about half of the whole: a ratio, and so are sine and cosine.
        double tangent = -cameraX / (2 * LookedAt), cosine = (1 - tangent * tangent) / (1 + tangent * tangent), sine = 2 * tangent / (1 + tangent * tangent);
        var canvas = new SceneCanvas(Scene.Size, Scene.Size, backdrop.Colour);
        float[] depth = new float[Scene.Size * Scene.Size];
        for (int v = 0; v < Scene.Size; v++)
        for (int u = 0; u < Scene.Size; u++)
        {
            double right = (u - Centre) / Focal, down = (v - Centre) / Focal;
            double stepX = cosine * right + sine, stepZ = cosine - sine * right;
            var (nearest, owner) = (Wall / stepZ, -1);
            for (int i = 0; i < Objects.Count; i++)
            {
                double along = distances[i] / stepZ;
                if (along < nearest && Covers(i, cameraX + along * stepX, along * down)) (nearest, owner) = (along, i);
            }
            depth[v * Scene.Size + u] = (float)nearest;
            if (owner >= 0) canvas.Draw(u, v, shades[owner], (sbyte)owner);
        }
        return new(canvas.ToImage(random), depth, canvas.Owners, [cosine, 0, sine, cameraX, 0, 1, 0, 0, -sine, 0, cosine, 0, 0, 0, 0, 1]);
    }

    // Whether a point of an object's plane, metres, lies on the object: in the pixels of the camera in the middle.
    bool Covers(int index, double x, double y)
    {
        var thing = Objects[index];
        int column = (int)Math.Floor(x / distances[index] * Focal + Centre + 0.5) - thing.X, row = (int)Math.Floor(y / distances[index] * Focal + Centre + 0.5) - thing.Y;
        return column >= 0 && row >= 0 && column < thing.Size && row < thing.Size && thing.Shape.Covers(column, row, thing.Size);
    }

    /// <summary>Such as "4 views of scene 7: red circle at 2.5 m, blue ring at 3.75 m".</summary>
    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Views.Count} views of scene {Seed}: ")
        + string.Join(", ", Objects.Select((thing, i) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{thing} at {distances[i]} m")));
}
