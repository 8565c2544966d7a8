using System.Text.Json;
using PruneNotebooks.Models;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Models;

public sealed class EmbeddedModelTests(EmbeddedModel model) : IClassFixture<EmbeddedModel>
{
    [Fact]
    public void It_answers_the_recorded_questions_as_recorded()
    {
        using var samples = JsonDocument.Parse(File.ReadAllText(TestData.Path("scene-llava", "samples.json")));
        int questions = 0;
        foreach (var sample in samples.RootElement.GetProperty("samples").EnumerateArray())
        {
            var image = new RgbImage(96, 96, sample.GetProperty("rgb_base64_96x96x3_row_major").GetBytesFromBase64());
            foreach (var qa in sample.GetProperty("qas").EnumerateArray())
            {
                using var scope = NewDisposeScope();
                var prompt = model.Vlm.Encode(model.Vlm.Ask(qa.GetProperty("question").GetString()!, image));
                using var prefill = model.Vlm.Prefill([prompt]);
                Assert.Equal(qa.GetProperty("prompt_ids_after_image").EnumerateArray().Select(id => id.GetInt64()), prompt.Ids.Skip(146));
                var recorded = tensor(qa.GetProperty("first_answer_logits").EnumerateArray().Select(logit => logit.GetSingle()).ToArray());
                Assert.True((prefill.Logits[0] - recorded).abs().max().item<float>() < 1e-3);
                string answer = model.Vlm.Tokenizer.Decode(model.Vlm.Continue(prefill)[0], skipSpecialTokens: false);
                Assert.Equal(qa.GetProperty("model_output_teacher_forced").GetString(), answer);
                questions++;
            }
        }
        Assert.Equal(48, questions);
    }

    [Fact]
    public void In_bfloat16_it_gives_nearly_the_same_answers()
    {
        using var narrow = Vlm.Load("scene-llava", CPU, ScalarType.BFloat16);
        var questions = model.Scenes.SelectMany(scene => scene.Questions.Select(question => (scene.Image, question.Text))).ToArray();
        int same = questions.Count(q => narrow.Answer(q.Image, q.Text).Text == model.Vlm.Answer(q.Image, q.Text).Text);
        Assert.True(same >= 0.9 * questions.Length, $"{same} of {questions.Length} answers are the same");
    }
}
