using System.CommandLine;
using PruneNotebooks.Display;
using PruneNotebooks.Metrics;

namespace PruneNotebooks.Tool.Commands;

/// <summary><c>prune probe entropy</c>: the layer at which the matrix entropy of the visual tokens collapses.</summary>
static class ProbeEntropyCommand
{
    public static Command Create()
    {
        var command = new Verb("entropy", "Matrix entropy of the visual tokens by layer, and the layer at which it collapses.");
        foreach (var option in ProbeOptions.Shared) command.Add(option);
        command.Details =
            """
            The layer behind which the entropy of the visual tokens' hidden states drops most sharply, where pruning becomes cheap (arXiv 2602.17196), and
            how sure that is over the pictures. Questions play no part. Writes entropy.png, entropy.csv and entropy.parquet.
            """;
        command.Examples = [("The model that comes along, on 64 scenes.", "prune probe entropy --n 64 --out entropy")];
        command.SetAction((parse, cancel) => Task.Run(() => ProbeMeasurement.Run(parse, "entropy",
            (model, probes, journal, progress) => EntropyCollapse.Measure(model, [.. probes.Select(probe => probe.Image).Distinct()], journal: journal, progress: progress, cancellation: cancel),
            Show, cancel), CancellationToken.None));
        return command;
    }

    static void Show(EntropyCollapse collapse, Screen screen, Func<string, string> file)
    {
        Row[] rows = [.. collapse.Entropy.Select((entropy, layer) => new Row(layer, entropy,
            layer == 0 ? null : collapse.Drop[layer - 1], collapse.Support.TryGetValue(layer, out double share) ? share : 0))];
        screen.Line($"{collapse}; mean over {collapse.Pictures} pictures");
        screen.Line();
        screen.Show(EntropyPicture.ByLayer(collapse));
        EntropyPicture.Of(collapse).Save(file("entropy.png"));
        TableFile.Write(file("entropy.csv"), rows);
        TableFile.Write(file("entropy.parquet"), rows);
    }

    /// <summary>A layer of the table.</summary>
    public sealed record Row(int Layer, double Entropy, double? Drop, double Support);
}
