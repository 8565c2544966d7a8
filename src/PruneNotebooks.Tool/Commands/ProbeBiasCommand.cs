using System.CommandLine;
using PruneNotebooks.Display;
using PruneNotebooks.Metrics;

namespace PruneNotebooks.Tool.Commands;

/// <summary><c>prune probe bias</c>: where the attention of a model's text goes, and how much of it depends on the place alone.</summary>
static class ProbeBiasCommand
{
    public static Command Create()
    {
        var command = new Verb("bias", "Attention of the prompt's last token by layer, and its trend over the places of the visual tokens.");
        foreach (var option in ProbeOptions.Shared) command.Add(option);
        command.Details =
            """
            How much attention goes to the picture in each layer, how it is shared between the halves of the picture, and the trend mu exp(sigma x) over the
            places of the visual tokens (arXiv 2508.17807): sigma above 0 means that later tokens are favoured. Writes bias.png, bias.csv and bias.parquet.
            """;
        command.Examples = [("The model that comes along, on 20 scenes.", "prune probe bias --out bias")];
        command.SetAction((parse, cancel) => Task.Run(() => ProbeMeasurement.Run(parse, "bias",
            (model, probes, journal, progress) => AttentionProfile.Measure(model, probes, journal: journal, progress: progress, cancellation: cancel),
            Show, cancel), CancellationToken.None));
        return command;
    }

    static void Show(AttentionProfile profile, Screen screen, Func<string, string> file)
    {
        Row[] rows = [.. Enumerable.Range(0, profile.Layers).Select(layer =>
        {
            var (shares, bias) = (profile.Shares(layer), profile.Bias(layer));
            var interval = bias.SigmaInterval!.Value;
            return new Row(layer, shares.First, shares.Before, shares.Visual, shares.Behind, profile.LowerHalf(layer), bias.Sigma!.Value, interval.Low, interval.High, bias.Explained);
        })];
        screen.Line($"{profile}");
        screen.Line();
        screen.Show(AttentionPicture.ByLayer(profile));
        AttentionPicture.Of(profile).Save(file("bias.png"));
        TableFile.Write(file("bias.csv"), rows);
        TableFile.Write(file("bias.parquet"), rows);
    }

    /// <summary>A layer of the table.</summary>
    public sealed record Row(
        int Layer, double First, double Before, double Visual, double Behind, double LowerHalf, double Sigma, double SigmaLow, double SigmaHigh, double Explained);
}
