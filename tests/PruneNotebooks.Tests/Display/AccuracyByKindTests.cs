using PruneNotebooks.Bench;
using PruneNotebooks.Display;
using PruneNotebooks.Metrics;
using PruneNotebooks.Models;
using PruneNotebooks.Pruners;
using PruneNotebooks.Scenes;
using PruneNotebooks.Tests.Models;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Tests.Display;

public sealed class AccuracyByKindTests(EmbeddedModel model) : IClassFixture<EmbeddedModel>
{
    BenchResult Measured(params string[] methods) => Benchmark.Run(model.Vlm, [.. model.Scenes.Take(2).Probes()], [.. methods.Select(MethodCatalogue.Find)], keep: [0.5, 0.25]);

    [Fact]
    public void Each_method_has_its_colour_in_the_legend_and_in_the_charts()
    {
        var result = Measured("random", "fastervlm", "divprune");
        var picture = AccuracyByKind.Of(result);
        var inks = Enumerable.Range(0, picture.Width * picture.Height).GroupBy(i => Convert.ToHexString(picture.Pixels.Span.Slice(3 * i, 3))).ToDictionary(ink => ink.Key, ink => ink.Count());
        foreach (int line in new[] { 0, 1, 2 }) Assert.True(inks.GetValueOrDefault(ChartStyle.Default.Colours[line][1..]) > 200, $"line {line}");
        Assert.False(inks.ContainsKey(ChartStyle.Default.Colours[3][1..]));
        if (Environment.GetEnvironmentVariable("PRUNE_LOOK") is { } folder) picture.Save(Path.Combine(folder, "accuracy-by-kind.png"));
    }

    [Fact]
    public void Methods_are_those_that_were_asked_for()
    {
        var result = Measured("random", "fastv");
        Assert.Throws<ArgumentException>(() => AccuracyByKind.Of(result, ["scope"]));
        Assert.Equal(AccuracyByKind.Of(result).Height, AccuracyByKind.Of(result, ["fastv"]).Height);
    }

    [Fact]
    public void Methods_that_were_not_asked_for_do_not_stretch_the_axis()
    {
        var few = new BenchEntry("few", 4, PruningPlan.At(Stage.Projector, new RandomTokens(), 4));
        var entries = BenchEntry.All([MethodCatalogue.Find("random")], [0.5, 0.25], model.Vlm.Dimensions);
        IReadOnlyList<Probe> probes = [.. model.Scenes.Take(2).Probes()];
        Assert.Equal(
            AccuracyByKind.Of(Benchmark.Run(model.Vlm, probes, entries)).Pixels.ToArray(),
            AccuracyByKind.Of(Benchmark.Run(model.Vlm, probes, [.. entries, few]), ["random"]).Pixels.ToArray());
    }

    [Fact]
    public void Only_budgets_of_several_methods_are_named_on_the_axis()
    {
        BenchEntry Random(string name, int keep) => new(name, keep, PruningPlan.At(Stage.Projector, new RandomTokens(), keep));
        var result = Benchmark.Run(model.Vlm, [.. model.Scenes.Take(2).Probes()], [Random("a", 72), Random("b", 72), Random("a", 18), Random("b", 18), Random("c", 72), Random("c", 36)]);
        Assert.Equal(Foot(AccuracyByKind.Of(result, ["a", "b"])), Foot(AccuracyByKind.Of(result, ["a", "b", "c"])));

        static byte[] Foot(RgbImage picture) => picture.Pixels.Span[^(3 * picture.Width * 40)..].ToArray();
    }
}
