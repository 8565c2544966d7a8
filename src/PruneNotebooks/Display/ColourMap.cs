namespace PruneNotebooks.Display;

/// <summary>A colour for every number between 0 and 1: perceptually even, readable without colour vision and in print.</summary>
public sealed class ColourMap
{
    readonly (byte R, byte G, byte B)[] colours;

    ColourMap(string name, params uint[] stops)
    {
        Name = name;
        colours = new (byte, byte, byte)[256];
        for (int i = 0; i < colours.Length; i++)
        {
            double position = i / 255.0 * (stops.Length - 1);
            int stop = Math.Min((int)position, stops.Length - 2);
            double part = position - stop;
            byte Mix(int shift) => (byte)Math.Round(((stops[stop] >> shift) & 255) * (1 - part) + ((stops[stop + 1] >> shift) & 255) * part);
            colours[i] = (Mix(16), Mix(8), Mix(0));
        }
    }

    /// <summary>What the map is called by everyone.</summary>
    public string Name { get; }

    /// <summary>From dark violet over green to yellow.</summary>
    public static ColourMap Viridis { get; } = new("viridis",
        0x440154, 0x482475, 0x414487, 0x355F8D, 0x2A788E, 0x21918C, 0x22A884, 0x44BF70, 0x7AD151, 0xBDDF26, 0xFDE725);

    /// <summary>From dark blue over grey to yellow: made for readers who do not see red or green.</summary>
    public static ColourMap Cividis { get; } = new("cividis",
        0x00224E, 0x123570, 0x3B496C, 0x575D6D, 0x707173, 0x8A8678, 0xA59C74, 0xC3B369, 0xE1CC55, 0xFEE838);

    /// <summary>From dark blue over white to dark red, for numbers on both sides of zero, which is 0.5: ColorBrewer's RdBu, the other way round; safe without colour vision.</summary>
    public static ColourMap BlueRed { get; } = new("RdBu_r",
        0x053061, 0x2166AC, 0x4393C3, 0x92C5DE, 0xD1E5F0, 0xF7F7F7, 0xFDDBC7, 0xF4A582, 0xD6604D, 0xB2182B, 0x67001F);

    /// <summary>The colour of a number; what lies outside of 0 to 1 has the colour of the nearest end, and what is not a number has the lowest.</summary>
    public (byte R, byte G, byte B) this[double value] => colours[double.IsNaN(value) ? 0 : (int)Math.Round(Math.Clamp(value, 0, 1) * 255)];

    /// <inheritdoc/>
    public override string ToString() => Name;
}
