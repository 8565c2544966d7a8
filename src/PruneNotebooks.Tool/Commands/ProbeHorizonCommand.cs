using System.CommandLine;
using PruneNotebooks.Display;
using PruneNotebooks.Metrics;

namespace PruneNotebooks.Tool.Commands;

/// <summary><c>prune probe horizon</c>: how much visual tokens tell a model at each layer, and from which layer on nothing any more.</summary>
static class ProbeHorizonCommand
{
    static readonly Option<int> Window = new("--window") { Description = "Side of the square windows of tokens that are left alone; divides the grid. 1 probes every token.", HelpName = "n", DefaultValueFactory = _ => 2 };
    static readonly Option<string?> Layers = new("--layers") { Description = "Decoder layers, counted from 0, such as 0,3,6-9; all if not given.", HelpName = "list" };

    public static Command Create()
    {
        var command = new Verb("horizon", "Information of visual tokens by layer, and the layer behind which they tell nothing.") { Window, Layers };
        foreach (var option in ProbeOptions.Shared) command.Add(option);
        command.Details =
            """
            At the input of a layer all visual tokens leave but one window of them: what the probability of the right answer gains over no visual token is
            the information of that window (arXiv 2512.07580). The horizon is the layer from which on no window holds more than 0.02. Beside it: how many
            answers stay right when all visual tokens leave. Writes horizon.png, horizon.csv, horizon.parquet, and a picture by kind of question.
            """;
        command.Examples =
        [
            ("The model that comes along, on 20 scenes.", "prune probe horizon --out horizon"),
            ("Two kinds of question, every second layer.", "prune probe horizon --n 40 --kinds colour,text --layers 1,3,5,7,9 --out horizon"),
            ("Another model and pictures of your own.", "prune probe horizon --model ~/models/llava-1.5-7b-hf --data questions.jsonl --out horizon"),
        ];
        command.SetAction((parse, cancel) => Task.Run(() => Run(parse, cancel), CancellationToken.None));
        return command;
    }

    static int Run(ParseResult parse, CancellationToken cancel)
    {
        var options = new HorizonOptions { WindowSize = parse.GetValue(Window), Layers = parse.GetValue(Layers) is { } layers ? ProbeOptions.Layers(layers) : null };
        return ProbeMeasurement.Run(parse, "horizon",
            (model, probes, journal, progress) => InformationHorizon.Measure(model, probes, options with { Journal = journal }, progress, cancel), Show, cancel);
    }

    static void Show(InformationMap map, Screen screen, Func<string, string> file)
    {
        foreach (string line in InformationPicture.Captions(map)) screen.Line(line);
        screen.Line();
        screen.Show(InformationPicture.ByLayer(map));
        InformationPicture.Of(map).Save(file("horizon.png"));
        if (map.Categories.Count > 1)
        {
            screen.Line();
            screen.Show(InformationByKind.Table(map.ByCategory));
            InformationByKind.Of(map.ByCategory).Save(file("horizon-by-kind.png"));
        }
        TableFile.Write(file("horizon.csv"), map.Rows());
        TableFile.Write(file("horizon.parquet"), map.Rows());
    }
}
