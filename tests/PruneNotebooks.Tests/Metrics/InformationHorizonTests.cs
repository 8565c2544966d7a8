using DrawnScenes = PruneNotebooks.Scenes.Scenes;
using PruneNotebooks.Metrics;
using PruneNotebooks.Pruners;
using PruneNotebooks.Scenes;
using PruneNotebooks.Tests.Models;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Metrics;

public sealed class InformationHorizonTests(EmbeddedModel model) : IClassFixture<EmbeddedModel>
{
    static readonly IReadOnlyList<Probe> Some = DrawnScenes.HeldOut(2).Probes();

    // Everything at once, the slow way: the whole model, with a plan, for each layer and window.
    double Naive(Probe probe, int layer, IEnumerable<long> left)
    {
        using var scope = NewDisposeScope();
        long[] kept = [.. left];
        var plan = PruningPlan.At(Stage.Decoder(layer), new GivenTokens([kept]), kept.Length == 0 ? TokenBudget.Nothing : TokenBudget.Count(kept.Length));
        using var read = model.Vlm.Prefill([model.Vlm.Encode(model.Vlm.Ask(probe.Question, probe.Image))], plan);
        return read.Logits.softmax(-1)[0, model.Vlm.Tokenizer.Encode(probe.Answer, addSpecialTokens: false)[0]].item<float>();
    }

    [Fact]
    public void It_is_what_whole_forward_passes_give()
    {
        Probe[] probes = [.. Some.Where((_, i) => i % 5 == 0)];
        var map = InformationHorizon.Measure(model.Vlm, probes, new() { Batch = 2, RowsAtOnce = 100 });
        foreach (var (probe, result) in probes.Zip(map.Probes))
        {
            foreach (var (layer, window) in new[] { (0, 0), (3, 7), (6, 35), (9, 20) })
            {
                double alone = Naive(probe, layer, map.Cut.Tokens(window)), none = Naive(probe, layer, []);
                Assert.Equal(none, result.Text[layer], tolerance: 1e-4);
                Assert.Equal(alone - none, result.Information(layer, window), tolerance: 1e-4);
            }
            Assert.Equal(Naive(probe, 0, Enumerable.Range(0, 144).Select(i => (long)i)), result.Full, tolerance: 1e-4);
        }
    }

    [Fact]
    public void An_answer_survives_withdrawal_when_the_model_gives_it_without_visual_tokens()
    {
        var map = InformationHorizon.Measure(model.Vlm, Some, new() { Layers = [9], WindowSize = 12 });
        foreach (int layer in new[] { 4, 7, 10 })
        {
            var plan = layer == 10 ? PruningPlan.None : PruningPlan.At(Stage.Decoder(layer), new RandomTokens(), TokenBudget.Nothing);
            bool[] right = [.. SceneBenchmark.Measure(model.Vlm, DrawnScenes.HeldOut(2), plan).Answers.Select(answer => answer.IsRight)];
            Assert.Equal(right, map.Probes.Select(probe => probe.RightWithout[layer]));
        }
    }

    [Fact]
    public void It_does_not_depend_on_what_runs_together()
    {
        var apart = InformationHorizon.Measure(model.Vlm, Some, new() { WindowSize = 4, Layers = [2, 8], Batch = 1, RowsAtOnce = 50 });
        var together = InformationHorizon.Measure(model.Vlm, Some, new() { WindowSize = 4, Layers = [2, 8] });
        foreach (var (one, other) in apart.Probes.Zip(together.Probes))
            Assert.All(one.Windows.Zip(other.Windows), pair => Assert.Equal(pair.First, pair.Second, tolerance: 1e-5f));
    }

    [Fact]
    public void What_was_cut_off_goes_on_and_nothing_counts_twice()
    {
        using var folder = new TemporaryFolder();
        var options = new HorizonOptions { WindowSize = 6, Layers = [1], Batch = 3, Journal = Path.Combine(folder.Path, "horizon.jsonl") };
        var whole = InformationHorizon.Measure(model.Vlm, Some, options with { Journal = null });
        using var stop = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() => InformationHorizon.Measure(model.Vlm, Some, options, new Callback(progress => { if (progress.Done >= 6) stop.Cancel(); }), stop.Token));
        File.AppendAllText(options.Journal, """{"Probe":3,"Resul""");    // as if the machine had stopped in the middle of a line
        List<int> heard = [];
        var resumed = InformationHorizon.Measure(model.Vlm, Some, options, new Callback(progress => heard.Add(progress.Done)));
        Assert.True(heard[0] is >= 3 and < 20, $"{heard[0]} probes were taken over");
        Assert.Equal(Some.Count, heard[^1]);
        Assert.Equal(whole.Rows().Select(row => row.Information), resumed.Rows().Select(row => row.Information), (a, b) => Math.Abs(a - b) < 1e-5);
        Assert.Equal(Some.Select(probe => probe.Category), resumed.Probes.Select(probe => probe.Category));
        var other = Assert.Throws<InvalidDataException>(() => InformationHorizon.Measure(model.Vlm, Some, options with { WindowSize = 4 }));
        Assert.Contains("windows of 6 x 6", other.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_measured_is_refused()
    {
        Assert.Contains("no probe", Assert.Throws<ArgumentException>(() => InformationHorizon.Measure(model.Vlm, [])).Message, StringComparison.Ordinal);
        Assert.Contains("0 to 9", Assert.Throws<ArgumentException>(() => InformationHorizon.Measure(model.Vlm, Some, new() { Layers = [3, 10] })).Message, StringComparison.Ordinal);
        Assert.Contains("12 x 12", Assert.Throws<ArgumentOutOfRangeException>(() => InformationHorizon.Measure(model.Vlm, Some, new() { WindowSize = 5 })).Message, StringComparison.Ordinal);
        Assert.Contains("no token", Assert.Throws<ArgumentException>(() => InformationHorizon.Measure(model.Vlm, [Some[0] with { Answer = "" }])).Message, StringComparison.Ordinal);
    }

    sealed class Callback(Action<ProbeProgress> hear) : IProgress<ProbeProgress>
    {
        public void Report(ProbeProgress value) => hear(value);
    }
}

[Collection(LiveTensors.Alone)]
public sealed class InformationHorizonLeavesNoTensorTests(EmbeddedModel model) : IClassFixture<EmbeddedModel>
{
    [Fact]
    public void A_measurement_leaves_no_tensor() =>
        LiveTensors.Unchanged(() => InformationHorizon.Measure(model.Vlm, DrawnScenes.HeldOut(1).Probes(), new() { WindowSize = 4 }).HorizonInterval(resamples: 10));
}
