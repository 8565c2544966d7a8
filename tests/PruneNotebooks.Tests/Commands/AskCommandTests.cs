using System.Text.Json.Nodes;
using PruneNotebooks.Models;
using PruneNotebooks.Scenes;

namespace PruneNotebooks.Tests.Commands;

using Scenes = PruneNotebooks.Scenes.Scenes;

public sealed class AskCommandTests : IDisposable
{
    readonly TemporaryFolder folder = new();
    readonly Scene scene = Scenes.HeldOut(9).First(scene => scene.Questions.Any(question => question.Kind == QuestionKind.Colour));

    public void Dispose() => folder.Dispose();

    SceneQuestion Colour => scene.Questions.First(question => question.Kind == QuestionKind.Colour);

    static async Task<JsonNode> JsonAsync(params string[] args)
    {
        var (code, output, error) = await Prune.RunAsync(["ask", "--json", "--runs", "0", .. args]);
        Assert.Equal("", error);
        Assert.Equal(0, code);
        return JsonNode.Parse(output)!;
    }

    [Fact]
    public async Task A_question_about_a_picture_file_is_answered()
    {
        scene.Image.Save(folder["scene.png"]);
        var answer = (await JsonAsync("--image", folder["scene.png"], "--question", Colour.Text))["answers"]![0]!;
        Assert.Equal(Colour.Answer, (string?)answer["answer"]);
        Assert.InRange((double)answer["confidence"]!, 0.5, 1);
        Assert.Equal(144, (int)answer["tokens"]!["kept"]!);
    }

    [Theory]
    [InlineData("projector", 36, 36)]
    [InlineData("decoder:5", 36, 90)] // half of 10 layers see 144, half 36
    [InlineData("vision:2", 36, 36)]
    public async Task Both_numbers_of_tokens_are_told(string stage, int kept, double average)
    {
        var answer = (await JsonAsync("--scene", $"{scene.Seed}", "-q", Colour.Text, "--method", "random", "--keep", "25%", "--at", stage))["answers"]![0]!;
        Assert.Equal(kept, (int)answer["tokens"]!["kept"]!);
        Assert.Equal(average, (double)answer["tokens"]!["averagePerLayer"]!);
        Assert.Equal(kept, answer["tokens"]!["keptIndices"]![0]!.AsArray().Count);
        Assert.True((double)answer["cost"]!["prefillFlops"]! < (double)answer["allTokensCost"]!["prefillFlops"]!);
        Assert.True((long)answer["cost"]!["kvCacheBytes"]! < (long)answer["allTokensCost"]!["kvCacheBytes"]!);
    }

    [Fact]
    public async Task All_questions_about_a_scene_are_compared_with_the_right_answers()
    {
        var (code, output, _) = await Prune.RunAsync("ask", "--scene", $"{scene.Seed}", "--method", "fastv", "--keep", "36", "--runs", "0");
        Assert.Equal(0, code);
        Assert.All(scene.Questions, question => Assert.Matches($@"(?m)^{System.Text.RegularExpressions.Regex.Escape(question.Text)} +{question.Answer} ", output));
        Assert.Contains("FastV keeps 36 tokens at decoder layer 2; positions kept", output);
        Assert.Contains("36 of 144 at the end, 57.6 on average per decoder layer", output);
        Assert.Contains("in decoder layer 1", output);
        Assert.Contains("Time of one run, not a measurement", output);
        Assert.DoesNotContain('\u001b', output);
    }

    [Fact]
    public async Task Time_is_measured_by_the_protocol()
    {
        var (_, output, _) = await Prune.RunAsync("ask", "--scene", $"{scene.Seed}", "-q", Colour.Text, "--method", "divprune", "--keep", "18", "--runs", "6");
        Assert.Contains("Median [quartiles] of 6 runs after 3 warm-ups, plans in turn, on cpu", output);
        Assert.Matches(@"(?m)^prefill .* ms \[.* ms \[", output);
        Assert.Matches(@"(?m)^prefill +(no gain at this size: |slower: )?\d+\.\d\d ", output);
        Assert.Matches(@"(?m)^whole answer +(no gain at this size: |slower: )?\d+\.\d\d ", output);
    }

    [Fact]
    public async Task Positions_are_an_explicit_choice()
    {
        string[] question = ["--scene", $"{scene.Seed}", "--method", "random", "--keep", "0.5"];
        Assert.Equal("keep", (string?)(await JsonAsync(question))["positions"]);
        var renumbered = await JsonAsync([.. question, "--positions", "renumber"]);
        Assert.Equal("renumber", (string?)renumbered["positions"]);
        Assert.EndsWith("positions renumbered", (string?)renumbered["plan"]);
    }

    [Fact]
    public async Task The_kept_patches_can_be_seen()
    {
        await JsonAsync("--scene", $"{scene.Seed}", "-q", Colour.Text, "--method", "fastervlm", "--keep", "0.25", "--overlay", folder["kept.png"]);
        Assert.True(RgbImage.Load(folder["kept.png"]).Width >= 288);
    }

    [Theory]
    [InlineData(2, "Say what to look at", "-q", "what ?")]
    [InlineData(2, "Say what to look at", "--scene", "7", "--image", "x.png")]
    [InlineData(2, "The question is empty", "--scene", "7", "-q", " ")]
    [InlineData(2, "Say which method chooses the tokens", "--scene", "7", "--keep", "0.5")]
    [InlineData(2, "Say how many tokens DivPrune keeps", "--scene", "7", "--method", "divprune")]
    [InlineData(2, "An overlay is a PNG file", "--scene", "7", "--overlay", "kept.jpg")]
    [InlineData(1, "There is no method 'divprunes'", "--scene", "7", "--method", "divprunes", "--keep", "0.5")]
    [InlineData(1, "There is no picture file", "--image", "nowhere.png", "-q", "what ?")]
    [InlineData(1, "A budget keeps at least 1 token", "--scene", "7", "--method", "random", "--keep", "0")]
    [InlineData(1, "The budget keeps 145 tokens but only 144 arrive", "--scene", "7", "--method", "random", "--keep", "145")]
    [InlineData(1, "No model is called 'lava'", "--scene", "7", "--model", "lava")]
    [InlineData(1, "A measurement needs at least 6 runs", "--scene", "7", "--runs", "2")]
    [InlineData(1, "There is no folder", "--scene", "7", "--overlay", "no/such/folder/kept.png")]
    [InlineData(1, "The method reads the decoder's attention", "--scene", "7", "--method", "fastv", "--keep", "9", "--at", "projector")]
    public async Task What_cannot_be_asked_is_said_in_one_sentence(int code, string sentence, params string[] args) =>
        Assert.StartsWith(sentence, await Prune.RefusedAsync(code, ["ask", .. args]));

    [Fact]
    public async Task What_is_no_picture_is_said_in_one_sentence()
    {
        await File.WriteAllTextAsync(folder["picture.png"], "no picture", TestContext.Current.CancellationToken);
        Assert.Contains("is not a picture that can be read", await Prune.RefusedAsync(1, "ask", "--image", folder["picture.png"], "-q", "what ?"));
    }
}
