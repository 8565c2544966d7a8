using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PruneNotebooks.Models;
using PruneNotebooks.Scenes;

namespace PruneNotebooks.Tests.Scenes;

using Scenes = PruneNotebooks.Scenes.Scenes;

public sealed class ScenesTests
{
    // The hashes were taken from the program that drew the scenes on which scene-llava was trained and measured.
    [Theory]
    [InlineData(5_000_000_000, 500, TextPresence.Usually, false, "8a22280853d5f04c5d37bc338a7691a351b3166e8842344e5f7ebda48090d174")]
    [InlineData(0, 500, TextPresence.Usually, false, "6e415024328958f63d9d0ba326d423d9379868f112a7a3bc5edcdd7f1957cce5")]
    [InlineData(4_000_000_000, 200, TextPresence.Never, false, "c5378cc553169139f35b3e5282f486363bac6276340012c3c7bda8773a3389ea")]
    [InlineData(4_000_000_000, 200, TextPresence.Always, false, "01a5b4598e3bc9f43dc967b641dabac5370f03282dc8dad6f0c6329fc447b299")]
    [InlineData(1_000_000, 200, TextPresence.Crowded, false, "b10446371bbd3b4fe2ec4b41409a90cbffcfeb7735a68348b2d517e32d71d2a3")]
    [InlineData(50_000_000, 200, TextPresence.Usually, true, "b74838dc39b54154827d550147a49d186cee5556cb587f05268b6fe30c9239de")]
    [InlineData(ulong.MaxValue, 1, TextPresence.Usually, false, "70f40e1bb6c30c44ee0d90357247f774bf98b07473a6680941db97c80879ed2d")]
    public void Scenes_are_those_that_the_model_was_made_with(ulong firstSeed, int count, TextPresence text, bool training, string expected)
    {
        var options = new SceneOptions { Text = text, Questions = training ? QuestionMix.Training : QuestionMix.Evaluation };
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var scene in Scenes.DrawMany(firstSeed, count, options))
        {
            var facts = new StringBuilder().Append($"{scene.Seed}\n");
            foreach (var o in scene.Objects) facts.Append($"{(int)o.Colour} {(int)o.Shape} {o.Cell} {o.X} {o.Y} {o.Size}\n");
            foreach (var t in scene.Texts) facts.Append($"{t.Value} {t.Scale} {t.X} {t.Y} {t.Cell}\n");
            foreach (var q in scene.Questions) facts.Append($"{(int)q.Kind}|{q.Text}|{q.Answer}\n");
            hash.AppendData(Encoding.UTF8.GetBytes(facts.ToString()));
            hash.AppendData(scene.Image.Pixels.Span);
            hash.AppendData([.. scene.Owners.ToArray().Select(owner => owner < scene.Objects.Count ? (byte)owner : byte.MaxValue)]);
        }
        Assert.Equal(expected, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    [Fact]
    public void Pictures_and_questions_of_the_recorded_samples_come_out_again()
    {
        using var samples = JsonDocument.Parse(File.ReadAllText(TestData.Path("scene-llava", "samples.json")));
        var vocabulary = JsonSerializer.Deserialize<Dictionary<string, int>>(File.ReadAllText(Path.Combine(ModelFolders.Find("scene-llava"), "vocab.json")))!;
        int scenes = 0;
        foreach (var sample in samples.RootElement.GetProperty("samples").EnumerateArray())
        {
            var scene = Scenes.Draw(sample.GetProperty("seed").GetUInt64(), new() { Text = TextPresence.Always });
            Assert.Equal(sample.GetProperty("rgb_base64_96x96x3_row_major").GetBytesFromBase64(), scene.Image.Pixels.ToArray());
            var recorded = sample.GetProperty("qas").EnumerateArray().ToList();
            Assert.True(recorded.Count > 0);
            foreach (var (expected, question) in recorded.Zip(scene.Questions))
            {
                Assert.Equal(expected.GetProperty("question").GetString(), question.Text);
                Assert.Equal(expected.GetProperty("answer").GetString(), question.Answer);
                Assert.Equal(
                    expected.GetProperty("prompt_ids_after_image").EnumerateArray().Select(id => id.GetInt32()),
                    $"{question.Text} ASSISTANT:".Split(' ').Select(word => vocabulary[word]));
            }
            scenes++;
        }
        Assert.Equal(6, scenes);
    }

    [Fact]
    public void The_held_out_scenes_are_beyond_those_of_training_and_validation()
    {
        var seeds = Scenes.HeldOut(3).Select(scene => scene.Seed);
        Assert.Equal([5_000_000_000UL, 5_000_000_001UL, 5_000_000_002UL], seeds);
        Assert.True(Scenes.FirstHeldOutSeed > Scenes.FirstValidationSeed + 1_000);
    }

    [Fact]
    public void The_validation_scenes_carry_the_13105_questions_of_the_model_card()
    {
        var kinds = Scenes.DrawMany(Scenes.FirstValidationSeed, 992).SelectMany(scene => scene.Questions).CountBy(question => question.Kind);
        Assert.Equal([1158, 1404, 2976, 2671, 2322, 1877, 697], kinds.OrderBy(kind => kind.Key).Select(kind => kind.Value));
    }

    [Fact]
    public void Scenes_are_drawn_when_they_are_asked_for() =>
        Assert.Equal(2UL, Scenes.DrawMany(0, int.MaxValue).ElementAt(2).Seed);

    [Fact]
    public void A_negative_number_of_scenes_is_refused() =>
        Assert.Equal("count", Assert.Throws<ArgumentOutOfRangeException>(() => Scenes.DrawMany(0, -1)).ParamName);
}
