using System.Text.Json;
using PruneNotebooks.Models;
using PruneNotebooks.Pruners;
using PruneNotebooks.Scenes;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Tests.Scenes;

using Scenes = PruneNotebooks.Scenes.Scenes;

public sealed class SceneBenchmarkTests : IDisposable
{
    readonly Vlm _model = Vlm.Load("scene-llava");

    public void Dispose() => _model.Dispose();

    [Fact]
    public void The_logits_and_answers_recorded_when_the_model_was_trained_come_out_again()
    {
        using var samples = JsonDocument.Parse(File.ReadAllText(TestData.Path("scene-llava", "samples.json")));
        foreach (var sample in samples.RootElement.GetProperty("samples").EnumerateArray())
        {
            var scene = Scenes.Draw(sample.GetProperty("seed").GetUInt64(), new() { Text = TextPresence.Always });
            var recorded = sample.GetProperty("qas").EnumerateArray().ToList();
            string[] questions = [.. recorded.Select(qa => qa.GetProperty("question").GetString()!)];
            var answers = _model.Answer(scene.Image, questions, cancellation: TestContext.Current.CancellationToken);
            using var read = _model.Prefill([.. questions.Select(question => _model.Encode(_model.Ask(question, scene.Image)))]);
            for (int i = 0; i < questions.Length; i++)
            {
                float[] expected = [.. recorded[i].GetProperty("first_answer_logits").EnumerateArray().Select(logit => logit.GetSingle())];
                using var row = read.Logits[i];
                var logits = row.data<float>().ToArray();
                for (int word = 0; word < expected.Length; word++) Assert.Equal(expected[word], logits[word], 2e-3f * Math.Max(1, Math.Abs(expected[word])));
                Assert.Equal(recorded[i].GetProperty("model_output_teacher_forced").GetString(), answers[i].Text + " </s>");
            }
        }
    }

    // The second table of the model card (496 scenes). Here the first 40 of them are asked, which may differ by chance but by no more.
    [Fact]
    public void The_embedded_model_answers_as_its_card_says()
    {
        var accuracy = Measure(Scenes.HeldOut(40));
        var card = new Dictionary<QuestionKind, double>
        {
            [QuestionKind.Colour] = 1.000, [QuestionKind.Shape] = 0.997, [QuestionKind.Count] = 0.956, [QuestionKind.Exists] = 0.998,
            [QuestionKind.Relation] = 0.765, [QuestionKind.Where] = 0.998, [QuestionKind.Text] = 0.921,
        };
        foreach (var (kind, expected) in card)
        {
            Assert.True(accuracy[kind].Count >= 25, $"{kind}: {accuracy[kind]}");
            Assert.True(accuracy[kind].Interval(0.999).Contains(expected), $"{kind}: {accuracy[kind]}, but the card says {expected}");
        }
        Assert.InRange(accuracy.All.Value, 0.92, 0.97);
    }

    [Fact]
    public void Without_its_visual_tokens_the_model_guesses()
    {
        Scene[] scenes = [.. Scenes.HeldOut(10)];
        var full = Measure(scenes);
        var blind = Measure(scenes, PruningPlan.At(Stage.Projector, new RandomTokens(), TokenBudget.Count(1)));
        Assert.True(blind.All.Value < 0.45, blind.ToString());
        Assert.True(blind.Since(full).Interval.High < -0.4, blind.Since(full).ToString());
    }

    [Fact]
    public void Progress_is_reported_every_few_scenes_and_ends_with_the_result()
    {
        List<SceneProgress> heard = [];
        var accuracy = Measure(Scenes.HeldOut(9), progress: new Listener(heard.Add));
        Assert.Equal([8, 9], heard.Select(progress => progress.Scenes));
        Assert.Equal(accuracy.All, heard[^1].Right);
        Assert.Equal(accuracy.Answers.Count, Scenes.HeldOut(9).Sum(scene => scene.Questions.Count));
    }

    [Fact]
    public void A_measurement_can_be_cancelled_between_scenes()
    {
        using var stop = new CancellationTokenSource();
        List<SceneProgress> heard = [];
        Assert.Throws<OperationCanceledException>(() => SceneBenchmark.Measure(
            _model, Scenes.DrawMany(0, int.MaxValue), progress: new Listener(progress => { heard.Add(progress); stop.Cancel(); }), cancellation: stop.Token));
        Assert.Single(heard);
    }

    SceneAccuracy Measure(IEnumerable<Scene> scenes, PruningPlan? plan = null, IProgress<SceneProgress>? progress = null) =>
        SceneBenchmark.Measure(_model, scenes, plan, progress, TestContext.Current.CancellationToken);

    sealed class Listener(Action<SceneProgress> hear) : IProgress<SceneProgress>
    {
        public void Report(SceneProgress value) => hear(value);
    }
}
