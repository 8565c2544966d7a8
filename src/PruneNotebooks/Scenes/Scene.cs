using PruneNotebooks.Models;

namespace PruneNotebooks.Scenes;

/// <summary>A drawn picture of 96 x 96 pixels of which everything is known, with questions and their answers.</summary>
/// <seealso cref="Scenes"/>
public sealed class Scene
{
    /// <summary>Width and height of every scene, in pixels.</summary>
    public const int Size = 96;

    readonly sbyte[] _owners;

    internal Scene(ulong seed, SceneOptions options)
    {
        var random = new SceneRandom(seed);
        var layout = SceneLayout.Place(random, options.Text);
        var drawing = new SceneRasterizer(layout, random);
        (Seed, Objects, Texts, _owners) = (seed, layout.Objects, layout.Texts, drawing.Owners);
        Characters = [.. Texts.SelectMany(text => text.Characters)];
        Image = new(Size, Size, drawing.Pixels);
        Questions = new SceneQuestions(layout, random).Ask(options.Questions);
    }

    /// <summary>The number it was drawn from.</summary>
    public ulong Seed { get; }

    /// <summary>The picture.</summary>
    public RgbImage Image { get; }

    /// <summary>The coloured shapes, one to six.</summary>
    public IReadOnlyList<SceneObject> Objects { get; }

    /// <summary>The texts, usually one or none.</summary>
    public IReadOnlyList<SceneText> Texts { get; }

    /// <summary>The characters of all texts, in order.</summary>
    public IReadOnlyList<SceneCharacter> Characters { get; }

    /// <summary>Questions and their answers.</summary>
    public IReadOnlyList<SceneQuestion> Questions { get; }

    /// <summary>
    /// For every pixel, row by row, what it shows: -1 background; 0 and up an index into <see cref="Objects"/>; from <c>Objects.Count</c> on,
    /// less that number, an index into <see cref="Characters"/>.
    /// </summary>
    public ReadOnlySpan<sbyte> Owners => _owners;

    /// <summary>What every patch shows.</summary>
    /// <param name="patchSize">Side of a patch in pixels, a divisor of 96; 8 for scene-llava.</param>
    /// <returns>One label for each patch, row by row: the order of the visual tokens.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="patchSize"/> does not divide 96.</exception>
    public IReadOnlyList<PatchLabel> PatchLabels(int patchSize)
    {
        if (patchSize < 1 || Size % patchSize != 0)
            throw new ArgumentOutOfRangeException(nameof(patchSize), patchSize, $"A divisor of {Size} is expected: patches must fill the picture.");
        int side = Size / patchSize;
        var labels = new PatchLabel[side * side];
        Span<int> covered = stackalloc int[Objects.Count + Characters.Count];
        for (int patch = 0; patch < labels.Length; patch++)
        {
            int left = patch % side * patchSize, top = patch / side * patchSize;
            covered.Clear();
            for (int y = top; y < top + patchSize; y++)
                foreach (sbyte owner in Owners.Slice(y * Size + left, patchSize))
                    if (owner >= 0) covered[owner]++;
            labels[patch] = new(
                Largest(Objects, covered[..Objects.Count], atLeast: (6 * patchSize * patchSize + 63) / 64),
                Largest(Characters, covered[Objects.Count..], atLeast: 1),
                Objects.FirstOrDefault(thing => Holds(thing.CentreX, thing.CentreY)),
                Characters.FirstOrDefault(character => Holds(character.CentreX, character.CentreY)));

            bool Holds(int x, int y) => x / patchSize == left / patchSize && y / patchSize == top / patchSize;
        }
        return labels;
    }

    static T? Largest<T>(IReadOnlyList<T> items, ReadOnlySpan<int> covered, int atLeast) where T : class
    {
        int best = -1;
        for (int i = 0; i < covered.Length; i++)
            if (covered[i] >= atLeast && (best < 0 || covered[i] > covered[best])) best = i;
        return best < 0 ? null : items[best];
    }

    /// <summary>Such as "scene 7: red circle, blue ring, "A7K", 12 questions".</summary>
    public override string ToString() =>
        $"scene {Seed}: {string.Join(", ", Objects.Select(thing => thing.ToString()).Concat(Texts.Select(text => $"\"{text}\"")))}, {Questions.Count} questions";
}
