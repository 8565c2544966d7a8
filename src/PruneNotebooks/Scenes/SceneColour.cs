namespace PruneNotebooks.Scenes;

/// <summary>The colours that objects of a scene have; questions call them by these names in lower case.</summary>
public enum SceneColour
{
    /// <summary>About (220, 40, 40).</summary>
    Red,
    /// <summary>About (40, 165, 60).</summary>
    Green,
    /// <summary>About (50, 80, 220).</summary>
    Blue,
    /// <summary>About (235, 215, 50).</summary>
    Yellow,
    /// <summary>About (240, 135, 25).</summary>
    Orange,
    /// <summary>About (140, 50, 170).</summary>
    Purple,
    /// <summary>About (50, 200, 215).</summary>
    Cyan,
    /// <summary>About (245, 130, 190).</summary>
    Pink,
}

static class SceneColours
{
    public static readonly IReadOnlyList<SceneColour> All = Enum.GetValues<SceneColour>();

    static readonly string[] Words = [.. All.Select(colour => colour.ToString().ToLowerInvariant())];

    static readonly (int Red, int Green, int Blue)[] Values =
        [(220, 40, 40), (40, 165, 60), (50, 80, 220), (235, 215, 50), (240, 135, 25), (140, 50, 170), (50, 200, 215), (245, 130, 190)];

    extension(SceneColour colour)
    {
        /// <summary>The word for the colour in questions and answers.</summary>
        public string Word => Words[(int)colour];

        /// <summary>The middle of the colour's range; each object is up to 14 steps brighter or darker in each channel.</summary>
        public (int Red, int Green, int Blue) Rgb => Values[(int)colour];

        /// <summary>The colour of one object.</summary>
        public (int Red, int Green, int Blue) Shade(SceneRandom random)
        {
            var (red, green, blue) = colour.Rgb;
            return (red + random.Between(-14, 14), green + random.Between(-14, 14), blue + random.Between(-14, 14));
        }
    }
}
