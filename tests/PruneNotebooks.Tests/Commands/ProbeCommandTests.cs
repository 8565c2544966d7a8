using PruneNotebooks.Models;
using PruneNotebooks.Tool;
using PruneNotebooks.Tool.Commands;

namespace PruneNotebooks.Tests.Commands;

public sealed class ProbeCommandTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    Task<(int Code, string Output, string Error)> HorizonAsync(params string[] more) =>
        Prune.RunAsync(["probe", "horizon", "--n", "1", "--device", "cpu", "--window", "6", "--layers", "2,7-8", "--out", folder["out"], .. more]);

    [Fact]
    public async Task The_horizon_is_told_drawn_and_written_as_tables()
    {
        var (code, output, error) = await HorizonAsync();
        Assert.Equal(("", 0), (error, code));
        Assert.Matches("^scene-llava: information horizon (layer|none).*; withdrawal horizon (layer|none)", output);
        Assert.Matches(@"(?m)^ +7 +\d", output);
        Assert.Matches(@"(?m)^count +\d+ ", output);
        Assert.Contains("horizon.png, horizon-by-kind.png, horizon.csv, horizon.parquet in", output);
        Assert.True(RgbImage.Load(folder["out/horizon.png"]).Width > 500);
        Assert.True(RgbImage.Load(folder["out/horizon-by-kind.png"]).Width > 500);
        string[] rows = await File.ReadAllLinesAsync(folder["out/horizon.csv"], TestContext.Current.CancellationToken);
        int probes = rows.Skip(1).Select(row => row.Split(',')[0]).Distinct().Count();
        Assert.Equal(1 + probes * 3 * 4, rows.Length);

        // What is in the folder is not measured again, and gives the same files.
        byte[] before = await File.ReadAllBytesAsync(folder["out/horizon.csv"], TestContext.Current.CancellationToken);
        Assert.Equal(output, (await HorizonAsync()).Output);
        Assert.Equal(before, await File.ReadAllBytesAsync(folder["out/horizon.csv"], TestContext.Current.CancellationToken));
        Assert.Contains("holds the results of other work", await Prune.RefusedAsync(1, "probe", "horizon", "--n", "2", "--device", "cpu", "--out", folder["out"]));
    }

    [Fact]
    public async Task A_manifest_is_measured_as_the_scenes_that_it_names()
    {
        await Prune.RunAsync("scenes", "--count", "1", "--out", folder["scenes"]);
        string[] kinds = ["--kinds", "count,text"];
        var scenes = await HorizonAsync(kinds);
        var manifest = await Prune.RunAsync(["probe", "horizon", "--data", folder["scenes/questions.jsonl"], "--device", "cpu", "--window", "6", "--layers", "2,7-8", "--out", folder["other"], .. kinds]);
        Assert.Equal(0, manifest.Code);
        Assert.Equal(scenes.Output.Replace(folder["out"], folder["other"]), manifest.Output);
    }

    [Fact]
    public async Task Entropy_and_bias_are_told_and_written_as_tables()
    {
        var entropy = await Prune.RunAsync("probe", "entropy", "--n", "2", "--device", "cpu", "--out", folder["out"]);
        Assert.Equal(("", 0), (entropy.Error, entropy.Code));
        Assert.Matches(@"^entropy collapses at layer \d+ .*mean over 2 pictures", entropy.Output);
        var bias = await Prune.RunAsync("probe", "bias", "--n", "2", "--device", "cpu", "--out", folder["out"]);
        Assert.Equal(("", 0), (bias.Error, bias.Code));
        Assert.Matches(@"(?m)^ +9 +.* %", bias.Output);
        Assert.Equal(12, File.ReadLines(folder["out/entropy.csv"]).Count());
        Assert.Equal(11, File.ReadLines(folder["out/bias.csv"]).Count());
        Assert.All(["out/entropy.png", "out/bias.png"], file => Assert.True(RgbImage.Load(folder[file]).Width > 400));
        Assert.True(File.Exists(folder["out/entropy.parquet"]) && File.Exists(folder["out/bias.parquet"]));
    }

    [Fact]
    public async Task Stopped_it_says_what_is_kept_and_goes_on_from_there()
    {
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();
        var parse = PruneCommand.Create().Parse(["probe", "entropy", "--n", "2", "--device", "cpu", "--out", folder["out"]]);
        var stopped = Assert.Throws<StoppedException>(() => ProbeMeasurement.Run(parse, "entropy", (_, probes, _, progress) =>
        {
            progress.Report(new(7, probes.Count));
            stop.Token.ThrowIfCancellationRequested();
            return 0;
        }, (_, _, _) => { }, stop.Token));
        Assert.StartsWith("Stopped: 7 of ", stopped.Message);
        Assert.EndsWith("the same command goes on from there.", stopped.Message);
    }

    [Theory]
    [InlineData(1, "At least 1 probe is needed", "--n", "0")]
    [InlineData(1, "No question is of the kind 'taste'; there are ", "--n", "1", "--kinds", "taste")]
    [InlineData(2, "--layers is a list such as 0,3,6-9", "--layers", "3-1")]
    [InlineData(2, "--seed numbers scenes", "--data", "some.jsonl", "--seed", "3")]
    [InlineData(1, "Could not find file", "--data", "nowhere.jsonl")]
    [InlineData(1, "No model is called 'lava'", "--n", "1", "--model", "lava")]
    [InlineData(1, "Windows of 5 x 5 do not tile", "--n", "1", "--device", "cpu", "--window", "5")]
    [InlineData(1, "Layers 3, 10 were asked for", "--n", "1", "--device", "cpu", "--layers", "3,10")]
    public async Task What_cannot_be_measured_is_said_in_one_sentence(int code, string sentence, params string[] args) =>
        Assert.StartsWith(sentence, await Prune.RefusedAsync(code, ["probe", "horizon", "--out", folder["out"], .. args]));
}
