namespace PruneNotebooks.Tests.Display;

/// <summary>How colours look to readers who lack one kind of cone, and how well they can be told apart.</summary>
/// <remarks>Matrices for linear sRGB: Machado, Oliveira, Fernandes, <i>A Physiologically-based Model for Simulation of Color Vision Deficiency</i>, 2009, severity 1.</remarks>
static class ColourVision
{
    static readonly Dictionary<string, double[]> Kinds = new()
    {
        ["usual"] = [1, 0, 0, 0, 1, 0, 0, 0, 1],
        ["protanopia"] = [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
        ["deuteranopia"] = [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.011820, 0.042940, 0.968881],
        ["tritanopia"] = [1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.303900],
    };

    public static TheoryData<string> All => [.. Kinds.Keys];

    /// <summary>CIE 1976 distance of two colours as seen; about 2 is just noticeable side by side.</summary>
    public static double Distance((int R, int G, int B) a, (int R, int G, int B) b, string kind) =>
        Math.Sqrt(Lab(a, kind).Zip(Lab(b, kind), (x, y) => (x - y) * (x - y)).Sum());

    /// <summary>Lightness as seen, 0 to 100.</summary>
    public static double Lightness((int R, int G, int B) colour, string kind) => Lab(colour, kind)[0];

    /// <summary>Contrast of WCAG 2, 1 to 21.</summary>
    public static double Contrast((int R, int G, int B) a, (int R, int G, int B) b)
    {
        double one = Luminance(a) + 0.05, other = Luminance(b) + 0.05;
        return Math.Max(one / other, other / one);
    }

    /// <summary>A colour written as #rgb or #rrggbb.</summary>
    public static (int R, int G, int B) Parse(string hex)
    {
        string digits = hex.TrimStart('#');
        if (digits.Length == 3) digits = string.Concat(digits.Select(digit => $"{digit}{digit}"));
        int value = Convert.ToInt32(digits, 16);
        return (value >> 16, value >> 8 & 255, value & 255);
    }

    static double Luminance((int R, int G, int B) colour) => Linear(colour) is var c ? 0.2126 * c[0] + 0.7152 * c[1] + 0.0722 * c[2] : 0;

    static double[] Linear((int R, int G, int B) colour) =>
        [.. new[] { colour.R, colour.G, colour.B }.Select(value => value / 255.0).Select(value => value <= 0.04045 ? value / 12.92 : Math.Pow((value + 0.055) / 1.055, 2.4))];

    static double[] Lab((int R, int G, int B) colour, string kind)
    {
        double[] rgb = Linear(colour), m = Kinds[kind];
        double[] seen = [.. Enumerable.Range(0, 3).Select(row => Math.Clamp(m[3 * row] * rgb[0] + m[3 * row + 1] * rgb[1] + m[3 * row + 2] * rgb[2], 0, 1))];
        double x = F((0.4124564 * seen[0] + 0.3575761 * seen[1] + 0.1804375 * seen[2]) / 0.95047);
        double y = F(0.2126729 * seen[0] + 0.7151522 * seen[1] + 0.0721750 * seen[2]);
        double z = F((0.0193339 * seen[0] + 0.1191920 * seen[1] + 0.9503041 * seen[2]) / 1.08883);
        return [116 * y - 16, 500 * (x - y), 200 * (y - z)];

        static double F(double t) => t > 216.0 / 24389 ? Math.Cbrt(t) : (24389.0 / 27 * t + 16) / 116;
    }
}
