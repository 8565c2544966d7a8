using PruneNotebooks.Metrics;
using PruneNotebooks.Models;

namespace PruneNotebooks.Display;

/// <summary>The information of one probe's windows, painted onto its picture.</summary>
public static class InformationOverlay
{
    /// <summary>Paints a probe's information at some layers beside its picture, on one scale of colours: red adds to the probability of the answer, blue takes from it, white does neither.</summary>
    /// <param name="map">What was measured.</param>
    /// <param name="image">The probe's picture as the model saw it, such as <c>answer.Images[0]</c>.</param>
    /// <param name="probe">Which probe, from 0.</param>
    /// <param name="layers">Decoder layers, 0-based, of those that were measured; all of them if none is given.</param>
    /// <exception cref="ArgumentException">There is no such probe, or a layer was not measured.</exception>
    public static Overlays Overlay(this InformationMap map, RgbImage image, int probe, params IReadOnlyList<int> layers)
    {
        ArgumentNullException.ThrowIfNull(map);
        ArgumentNullException.ThrowIfNull(layers);
        if (probe < 0 || probe >= map.Probes.Count)
            throw new ArgumentOutOfRangeException(nameof(probe), probe, $"The measurement has {map.Probes.Count} probes, numbered from 0.");
        int[] rows = [.. (layers.Count == 0 ? map.Layers : layers).Select(layer => map.Layers.ToList().IndexOf(layer))];
        if (rows.Contains(-1))
            throw new ArgumentException($"Layers {string.Join(", ", layers)} were asked for; measured were {string.Join(", ", map.Layers)}.", nameof(layers));
        float[][] information = [.. rows.Select(row => (float[])[.. Enumerable.Range(0, map.Cut.Count).Select(window => (float)map.Probes[probe].Information(row, window))])];
        float range = Math.Max(information.SelectMany(values => values).Max(Math.Abs), (float)InformationCurve.DefaultEpsilon);
        long[] all = [.. Enumerable.Range(0, map.Cut.Grid.Count).Select(token => (long)token)];
        TokenOverlay Painted(string title, float[] scores) => TokenOverlay.Of(image, map.Cut.Grid, all).WithScores(scores) with { Title = title, Colours = ColourMap.BlueRed, ColourRange = (-range, range) };
        // The picture is one without scores, so that it stands in a line with the others.
        return Overlays.SideBySide([
            Painted("picture", [.. Enumerable.Repeat(float.NaN, map.Cut.Grid.Count)]),
            .. rows.Zip(information, (row, values) => Painted($"layer {map.Layers[row]}", map.Cut.ToTokens(values))),
        ]);
    }
}
