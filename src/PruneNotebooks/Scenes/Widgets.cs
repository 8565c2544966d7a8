using PruneNotebooks.Models;

namespace PruneNotebooks.Scenes;

/// <summary>A button of a drawn interface.</summary>
/// <param name="Name">The word on it.</param>
/// <param name="Colour">Colour of its icon.</param>
/// <param name="Icon">Shape of its icon.</param>
/// <param name="Left">Left edge, pixels.</param>
/// <param name="Top">Top edge, pixels.</param>
/// <param name="Width">Width, pixels.</param>
/// <param name="Height">Height, pixels.</param>
public sealed record Widget(string Name, SceneColour Colour, SceneShape Icon, int Left, int Top, int Width, int Height)
{
    /// <summary>An instruction that means this button and no other: its icon in words, such as "where is the red circle ?", which scene-llava was trained to read.</summary>
    public string Instruction => $"where is the {Colour.Word} {Icon.Word} ?";

    /// <summary>x1, y1, x2, y2 in pixels; the last two lie just outside.</summary>
    public IReadOnlyList<double> Box => [Left, Top, Left + Width, Top + Height];

    /// <summary>Whether a pixel lies on it.</summary>
    public bool Contains(int x, int y) => x >= Left && y >= Top && x < Left + Width && y < Top + Height;

    /// <summary>Such as "CUT (red circle)".</summary>
    public override string ToString() => $"{Name} ({Colour.Word} {Icon.Word})";
}

/// <summary>A drawn interface: a window with a title bar and named buttons with icons, whose boxes are known. For methods that find what an instruction means.</summary>
public sealed class Widgets
{
    const int TitleHeight = 16, CellWidth = 48, CellHeight = 28, Margin = 3;

    static readonly string[] Names = ["CUT", "PIN", "TAG", "MAP", "RUN", "ADD", "NEW", "TOP", "END", "LOG", "MIX", "FIT", "ZIP", "SET", "GET", "PUT", "OFF", "KEY", "BOX", "JOB", "TAB", "NET", "SUM", "CAP", "DIM", "ALT", "ESC", "DOT"];

    readonly sbyte[] owners;

    Widgets(ulong seed, int width, int height)
    {
        var random = new SceneRandom(seed);
        List<string> names = [.. Names];
        random.Shuffle(names);
        var icons = (from colour in SceneColours.All from shape in SceneShapes.All select (Colour: colour, Shape: shape)).ToList();
        random.Shuffle(icons);
        int columns = width / CellWidth, rows = (height - TitleHeight) / CellHeight;
        List<int> cells = [.. Enumerable.Range(0, columns * rows)];
        random.Shuffle(cells);
        // Half to all of the room, as far as there are names.
        int count = Math.Min(names.Count - 1, random.Between((cells.Count + 1) / 2, cells.Count));
        Buttons = [.. cells.Take(count).Order().Select((cell, i) => Place(random, cell, columns, names[i], icons[i].Colour, icons[i].Shape))];
        (Seed, Title) = (seed, names[^1]);
        int grey = random.Between(190, 225);
        var canvas = new SceneCanvas(width, height, (grey, grey, grey));
        canvas.Fill(0, 0, width, TitleHeight, (50, 60, 90), -1);
        Write(canvas, Title, 4, (TitleHeight - SceneFont.Height) / 2, ink: 240, owner: -1);
        for (int i = 0; i < Buttons.Count; i++) Draw(canvas, Buttons[i], random, (sbyte)i);
        (Image, owners) = (canvas.ToImage(random), canvas.Owners);
    }

    /// <summary>The number it was drawn from.</summary>
    public ulong Seed { get; }

    /// <summary>The word in the title bar.</summary>
    public string Title { get; }

    /// <summary>The picture.</summary>
    public RgbImage Image { get; }

    /// <summary>The buttons, row by row; no two have the same name or icon.</summary>
    public IReadOnlyList<Widget> Buttons { get; }

    /// <summary>For every pixel, row by row, the index of its button; -1 for none.</summary>
    public ReadOnlySpan<sbyte> Owners => owners;

    /// <summary>Draws one.</summary>
    /// <param name="seed">Any number; the same number and size always give the same interface.</param>
    /// <param name="width">Pixels, 48 or more.</param>
    /// <param name="height">Pixels, 44 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no room for a button.</exception>
    public static Widgets Draw(ulong seed, int width = 224, int height = 224)
    {
        if (width < CellWidth) throw new ArgumentOutOfRangeException(nameof(width), width, $"A button needs a window of {CellWidth} pixels or more; it was {width}.");
        if (height < TitleHeight + CellHeight) throw new ArgumentOutOfRangeException(nameof(height), height, $"Title and button need {TitleHeight + CellHeight} pixels or more; it was {height}.");
        return new(seed, width, height);
    }

    /// <summary>The button at a pixel, such as the middle of the patch that a model points at; <see langword="null"/> if there is none.</summary>
    public Widget? At(int x, int y) => Buttons.FirstOrDefault(button => button.Contains(x, y));

    static Widget Place(SceneRandom random, int cell, int columns, string name, SceneColour colour, SceneShape icon)
    {
        // Icon, word and margins; a pixel or two of play in the cell.
        int x = cell % columns * CellWidth + random.Below(2), y = TitleHeight + cell / columns * CellHeight + 1 + random.Below(3);
        return new(name, colour, icon, x, y, CellWidth - 1, CellHeight - 4);
    }

    static void Draw(SceneCanvas canvas, Widget button, SceneRandom random, sbyte owner)
    {
        int icon = random.Between(13, button.Height - 2 * Margin);
        canvas.Fill(button.Left, button.Top, button.Width, button.Height, (90, 90, 95), owner);
        canvas.Fill(button.Left + 1, button.Top + 1, button.Width - 2, button.Height - 2, (235, 235, 238), owner);
        canvas.DrawShape(button.Icon, button.Left + Margin, button.Top + (button.Height - icon) / 2, icon, button.Colour.Shade(random), owner);
        Write(canvas, button.Name, button.Left + Margin + icon + 2, button.Top + (button.Height - SceneFont.Height) / 2, ink: 20, owner);
    }

    static void Write(SceneCanvas canvas, string word, int x, int y, int ink, sbyte owner)
    {
        foreach (var character in new SceneText(word, 1, 0, x, y).Characters) canvas.DrawCharacter(character, ink, owner);
    }

    /// <summary>Such as "window MAP: CUT (red circle), PIN (blue ring)".</summary>
    public override string ToString() => $"window {Title}: {string.Join(", ", Buttons)}";
}
