namespace PruneNotebooks.Scenes;

/// <summary>The background of a scene: light, dark or in between, slightly tinted.</summary>
internal sealed record Backdrop(Brightness Brightness, (int Red, int Green, int Blue) Colour)
{
    public static Backdrop Choose(SceneRandom random)
    {
        var brightness = (Brightness)random.Below(3);
        int level = brightness switch
        {
            Brightness.Light => random.Between(215, 245),
            Brightness.Dark => random.Between(15, 50),
            _ => random.Between(105, 140),
        };
        return new(brightness, (level + Tint(), level + Tint(), level + Tint()));

        int Tint() => random.Between(-10, 10);
    }

    /// <summary>A grey that can be read on this background.</summary>
    public int Ink(SceneRandom random)
    {
        bool dark = Brightness == Brightness.Light || (Brightness == Brightness.Medium && random.Chance(50));
        return dark ? random.Between(0, 25) : random.Between(230, 255);
    }
}

/// <summary>How bright a background is.</summary>
internal enum Brightness
{
    Light,
    Dark,
    Medium,
}
