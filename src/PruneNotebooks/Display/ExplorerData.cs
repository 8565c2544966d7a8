using System.Text.Json;
using System.Text.Json.Serialization;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Display;

/// <summary>What the script of an explorer gets to know, as JSON that may stand in a script element.</summary>
static class ExplorerData
{
    const int ColourStops = 17;

    // Scores may be infinite; the names of such numbers are what JavaScript's Number() reads. The usual encoder leaves no "<" behind.
    static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web) { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    sealed record Data(int Rows, int Columns, IReadOnlyList<string> Moments, IEnumerable<Path> Paths, IEnumerable<int[]> Colours, string Style);

    /// <param name="Name">What the plan is called.</param>
    /// <param name="Left">For each token the step at which it left, or -1.</param>
    /// <param name="Done">For each moment how many steps are over.</param>
    /// <param name="Steps">The steps.</param>
    sealed record Path(string Name, int[] Left, IEnumerable<int> Done, IEnumerable<Step> Steps);

    /// <param name="At">Where.</param>
    /// <param name="By">Who decided.</param>
    /// <param name="Scores">For each token of the grid, NaN for one that had left before; <see langword="null"/> if the method gave none.</param>
    sealed record Step(string At, string By, float[]? Scores);

    public static string Json(TokenGrid grid, IReadOnlyList<TokenPath> paths)
    {
        var moments = Moments(paths);
        var colours = Enumerable.Range(0, ColourStops).Select(stop => ColourMap.Viridis[stop / (ColourStops - 1.0)]);
        return JsonSerializer.Serialize(new Data(
            grid.Height, grid.Width,
            ["before any step", .. moments.Select(stage => $"{stage}")],
            paths.Select(path => new Path(
                path.Name, path.LeftAt(),
                [0, .. moments.Select(moment => path.Steps.Count(step => step.Stage <= moment))],
                path.Steps.Select(step => new Step($"{step.Stage}", TokenPath.Method(step), ByPlace(step, grid.Count))))),
            colours.Select(colour => new int[] { colour.R, colour.G, colour.B }),
            Resource.Text("explorer.css")), Options);
    }

    /// <summary>The places at which something can have changed: stages outside of the decoder where a step was, and all decoder layers.</summary>
    static List<Stage> Moments(IReadOnlyList<TokenPath> paths) => [.. paths
        .SelectMany(path => path.Steps.Select(step => step.Stage).Concat(Enumerable.Range(0, path.DecoderLayers).Select(Stage.Decoder)))
        .Distinct().Order()];

    static float[]? ByPlace(StageTrace step, int places)
    {
        if (step.Scores is null) return null;
        var scores = new float[places];
        Array.Fill(scores, float.NaN);
        for (int i = 0; i < step.Arrived.Count; i++) scores[step.Arrived[i]] = step.Scores[i];
        return scores;
    }
}
