namespace PruneNotebooks.Display;

/// <summary>How charts look: large enough to read, white, and safe without colour vision, because lines differ in colour, marker and dash.</summary>
public sealed record ChartStyle
{
    /// <summary>The style of this library.</summary>
    public static ChartStyle Default { get; } = new();

    /// <summary>Width in pixels.</summary>
    public int Width { get; init; } = 760;

    /// <summary>Height in pixels.</summary>
    public int Height { get; init; } = 440;

    /// <summary>Size of text in pixels.</summary>
    public int TextSize { get; init; } = 14;

    /// <summary>Fonts, the best first.</summary>
    public string Fonts { get; init; } = "Inter, Segoe UI, Helvetica Neue, Arial, sans-serif";

    /// <summary>Colours of the series in turn: those of Okabe and Ito but for the yellow, which is too pale on white.</summary>
    public IReadOnlyList<string> Colours { get; init; } = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000"];

    /// <summary>Markers of the series in turn, by their plotly names.</summary>
    public IReadOnlyList<string> Markers { get; init; } = ["circle", "square", "diamond", "triangle-up", "x", "triangle-down", "star", "cross"];

    /// <summary>Dashes of the series in turn, by their plotly names.</summary>
    public IReadOnlyList<string> Dashes { get; init; } = ["solid", "dash", "dot", "dashdot", "longdash"];

    internal string Colour(int series) => Colours[series % Colours.Count];
    internal string Marker(int series) => Markers[series % Markers.Count];
    internal string Dash(int series) => Dashes[series % Dashes.Count];
}
