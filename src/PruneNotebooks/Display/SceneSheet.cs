using PruneNotebooks.Models;
using PruneNotebooks.Scenes;

namespace PruneNotebooks.Display;

/// <summary>Scenes side by side, each with its number and one of its questions.</summary>
public static class SceneSheet
{
    const int Enlarged = 2, Side = Enlarged * Scene.Size, Gap = 14, TextHeight = 18;
    const float TextSize = 12;

    /// <summary>Draws the sheet: the more scenes, the more of them in a row.</summary>
    /// <exception cref="ArgumentException">There are no scenes.</exception>
    public static RgbImage Draw(IReadOnlyList<Scene> scenes)
    {
        ArgumentNullException.ThrowIfNull(scenes);
        if (scenes.Count == 0) throw new ArgumentException("There is no scene to draw.", nameof(scenes));
        int columns = Math.Clamp((int)Math.Ceiling(Math.Sqrt(scenes.Count)), 1, 12), rows = (scenes.Count + columns - 1) / columns;
        int height = Side + 3 * TextHeight;
        return Picture.Draw(columns * (Side + Gap) + Gap, rows * (height + Gap) + Gap, canvas =>
        {
            for (int i = 0; i < scenes.Count; i++)
            {
                int x = Gap + i % columns * (Side + Gap), y = Gap + i / columns * (height + Gap);
                Lettering.Draw(canvas, $"scene {scenes[i].Seed}", x, y + TextSize, TextSize, Picture.PaleInk);
                canvas.Save();
                canvas.Translate(x, y + TextHeight);
                canvas.Scale(Enlarged);
                canvas.Put(scenes[i].Image, 0, 0);
                canvas.Restore();
                // Questions come in random order, so the first one differs from scene to scene - but for the request to read, which always leads.
                if (scenes[i].Questions.FirstOrDefault(question => question.Kind != QuestionKind.Text) is not { } asked) continue;
                Lettering.Draw(canvas, Lettering.Fit(asked.Text, TextSize, Side), x, y + TextHeight + Side + TextSize + 2, TextSize, Picture.PaleInk);
                Lettering.Draw(canvas, Lettering.Fit(asked.Answer, TextSize, Side), x, y + 2 * TextHeight + Side + TextSize, TextSize, Picture.Ink);
            }
        });
    }
}
