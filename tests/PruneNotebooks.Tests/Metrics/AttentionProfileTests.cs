using PruneNotebooks.Metrics;
using PruneNotebooks.Models;
using PruneNotebooks.Scenes;
using PruneNotebooks.Tests.Models;
using PruneNotebooks.Tokens;
using DrawnScenes = PruneNotebooks.Scenes.Scenes;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Metrics;

public sealed class AttentionProfileTests(EmbeddedModel model) : IClassFixture<EmbeddedModel>
{
    static readonly IReadOnlyList<Probe> Some = DrawnScenes.HeldOut(2).Probes();

    [Theory]
    [InlineData(Queries.LastToken)]
    [InlineData(Queries.Text)]
    public void It_is_the_attention_that_methods_see(Queries queries)
    {
        using var scope = NewDisposeScope();
        var profile = AttentionProfile.Measure(model.Vlm, Some, queries, batch: 3);
        foreach (int i in new[] { 0, 7 })
        {
            using var recorder = new ActivationRecorder(name => name == "decoder.attention.4");
            var prompt = model.Vlm.Encode(model.Vlm.Ask(Some[i].Question, Some[i].Image));
            using var read = model.Vlm.Prefill([prompt], recorder: recorder);
            int rows = queries == Queries.LastToken ? 1 : prompt.Ids.Count - prompt.Layout.TextStart;
            var mean = recorder["decoder.attention.4"][0].mean([0]).narrow(0, prompt.Ids.Count - rows, rows).mean([0]);
            var layer = profile.Probes[i].Layers[4];
            float[] expected = mean.narrow(0, 2, 144).data<float>().ToArray();
            Assert.All(expected.Zip(layer.Visual), pair => Assert.Equal(pair.First, pair.Second, tolerance: 1e-5f));
            Assert.Equal(expected.Sum(), layer.Shares.Visual, tolerance: 1e-4);
            Assert.Equal(mean[0].item<float>(), layer.Shares.First, tolerance: 1e-5);
            Assert.Equal(1, layer.Shares.First + layer.Shares.Before + layer.Shares.Visual + layer.Shares.Behind, tolerance: 1e-4);
        }
        Assert.Equal((10, Some.Count), (profile.Layers, profile.Probes.Count));
    }

    [Fact]
    public void Rows_and_halves_add_up()
    {
        var profile = AttentionProfile.Measure(model.Vlm, Some);
        for (int layer = 0; layer < profile.Layers; layer++)
        {
            double visual = profile.Shares(layer).Visual;
            Assert.Equal(visual, profile.ByToken(layer).Sum(), tolerance: 1e-4);
            Assert.Equal(visual, profile.ByRow(layer).Sum(), tolerance: 1e-4);
            Assert.Equal(profile.ByRow(layer)[6..].Sum() / visual, profile.LowerHalf(layer), tolerance: 1e-4);
        }
        var bias = profile.Bias(3);
        Assert.InRange(bias.Sigma!.Value, profile.SigmaInterval(3).Low - 0.5, profile.SigmaInterval(3).High + 0.5);
    }

    [Fact]
    public void Debiased_attention_has_no_trend_and_the_shares_of_before()
    {
        var profile = AttentionProfile.Measure(model.Vlm, Some);
        var bias = profile.Bias(3, TrendForm.Vector);
        var after = profile.Debiased(bias.Trend);
        Assert.Equal(0, after.Bias(3).Sigma!.Value, tolerance: 1e-3);
        Assert.All(after.ByToken(3), attention => Assert.Equal(bias.Mean[0], attention, tolerance: 1e-6));
        Assert.Equal(profile.Shares(3), after.Shares(3));
    }

    [Fact]
    public void Attention_of_others_is_refused() =>
        Assert.Contains("LastToken or Text", Assert.Throws<ArgumentException>(() => AttentionProfile.Measure(model.Vlm, Some, Queries.Visual)).Message, StringComparison.Ordinal);
}

public sealed class EntropyCollapseOfAModelTests(EmbeddedModel model) : IClassFixture<EmbeddedModel>
{
    [Fact]
    public void Entropy_is_that_of_the_visual_rows_and_the_question_does_not_matter()
    {
        var scenes = model.Scenes;
        var collapse = EntropyCollapse.Measure(model.Vlm, [.. scenes.Select(scene => scene.Image)], batch: 2);
        Assert.Equal((scenes.Count, 11), (collapse.Pictures, collapse.Entropy.Count));
        foreach (string question in new[] { "how many things ?", "read the text ." })
        {
            double sum = 0;
            foreach (var scene in scenes)
            {
                using var recorder = new ActivationRecorder(name => name == "decoder.hidden.6");
                using var read = model.Vlm.Prefill([model.Vlm.Encode(model.Vlm.Ask(question, scene.Image))], recorder: recorder);
                using var rows = recorder["decoder.hidden.6"][0].narrow(0, 2, 144);
                sum += PruneNotebooks.Primitives.MatrixEntropy.OfLayer(rows);
            }
            Assert.Equal(sum / scenes.Count, collapse.Entropy[6], tolerance: 1e-5);
        }
    }
}

[Collection(LiveTensors.Alone)]
public sealed class InstrumentsLeaveNoTensorTests(EmbeddedModel model) : IClassFixture<EmbeddedModel>
{
    [Fact]
    public void Measurements_leave_no_tensor()
    {
        var probes = DrawnScenes.HeldOut(1).Probes();
        LiveTensors.Unchanged(() => AttentionProfile.Measure(model.Vlm, probes).SigmaInterval(2, resamples: 3));
        LiveTensors.Unchanged(() => EntropyCollapse.Measure(model.Vlm, [probes[0].Image]));
    }
}
