using System.Globalization;
using DrawnScenes = PruneNotebooks.Scenes.Scenes;
using PruneNotebooks.Metrics;
using PruneNotebooks.Scenes;
using PruneNotebooks.Tests.Models;

namespace PruneNotebooks.Tests.Metrics;

/// <summary>What the card of scene-llava says about its horizons, measured by other code when the model was trained, holds on scenes that were not in that measurement.</summary>
public sealed class ModelCardTests(EmbeddedModel model) : IClassFixture<EmbeddedModel>
{
    const int ScenesOfTheCard = 496;

    [Fact]
    public void Accuracy_by_kind_without_visual_tokens_from_a_layer_on_is_that_of_the_card_within_sampling_error()
    {
        var card = File.ReadLines(TestData.Path("..", "..", "data", "models", "scene-llava", "README.md")).Where(line => line.StartsWith("| k=", StringComparison.Ordinal))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries)[2..9].Select(cell => double.Parse(cell, CultureInfo.InvariantCulture) / 100).ToArray()).ToArray();
        Assert.Equal(11, card.Length);
        var asked = DrawnScenes.HeldOut(ScenesOfTheCard).SelectMany(scene => scene.Questions).CountBy(question => question.Kind).ToDictionary();
        Assert.Equal(6506, asked.Values.Sum());

        var map = InformationHorizon.Measure(model.Vlm, DrawnScenes.DrawMany(DrawnScenes.FirstHeldOutSeed + 1_000_000, 40).Probes(), new() { Layers = [9], WindowSize = 12 });
        foreach (var (column, kind) in Enum.GetValues<QuestionKind>().Index())
            for (int k = 0; k < card.Length; k++)
            {
                var ours = map.Of($"{kind}").Withdrawal.ByLayer[k];
                double expected = card[k][column], both = (ours.Successes + expected * asked[kind] + 1) / (ours.Count + asked[kind] + 2);
                double sigma = Math.Sqrt(both * (1 - both) * (1.0 / ours.Count + 1.0 / asked[kind]));
                Assert.True(Math.Abs(ours.Value - expected) <= 3 * sigma + 0.0005, $"{kind}, k = {k}: {ours}, the card has {100 * expected} %, sigma is {100 * sigma:0.0}");
            }
    }
}
