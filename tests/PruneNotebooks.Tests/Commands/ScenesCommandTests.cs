using System.Text.Json.Nodes;
using PruneNotebooks.Models;

namespace PruneNotebooks.Tests.Commands;

using Scenes = PruneNotebooks.Scenes.Scenes;

public sealed class ScenesCommandTests
{
    [Fact]
    public async Task Pictures_and_a_manifest_of_their_questions_are_written()
    {
        using var folder = new TemporaryFolder();
        var (code, output, _) = await Prune.RunAsync("scenes", "--seed", "7", "--count", "3", "--out", folder["new/scenes"]);
        Assert.Equal(0, code);
        Assert.StartsWith("3 scenes and ", output);
        Assert.Equal(["questions.jsonl", "scene-7.png", "scene-8.png", "scene-9.png"], Directory.GetFiles(folder["new/scenes"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        var lines = (await File.ReadAllLinesAsync(folder["new/scenes/questions.jsonl"], TestContext.Current.CancellationToken)).Select(line => JsonNode.Parse(line)!).ToList();
        var questions = Scenes.DrawMany(7, 3).SelectMany(scene => scene.Questions).ToList();
        Assert.Equal(questions.Select(question => (question.Text, question.Answer)), lines.Select(line => ((string)line["prompt"]!, (string)line["answer"]!)));
        Assert.Equal(lines.Count, lines.Select(line => (string)line["id"]!).Distinct().Count());
        Assert.Contains("relation", lines.Select(line => (string)line["category"]!));
        Assert.All(lines, line => Assert.True(File.Exists(folder[$"new/scenes/{line["image"]}"])));
        Assert.True(RgbImage.Load(folder["new/scenes/scene-8.png"]).Pixels.Span.SequenceEqual(Scenes.Draw(8).Image.Pixels.Span));
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_bytes()
    {
        using var folder = new TemporaryFolder();
        foreach (string once in new[] { "a", "b" }) await Prune.RunAsync("scenes", "-s", "11", "-n", "2", "-o", folder[once], "--sheet", folder[once + ".png"]);
        foreach (string file in new[] { "questions.jsonl", "scene-11.png", "scene-12.png" })
            Assert.Equal(await Bytes($"a/{file}"), await Bytes($"b/{file}"));
        Assert.Equal(await Bytes("a.png"), await Bytes("b.png"));

        Task<byte[]> Bytes(string file) => File.ReadAllBytesAsync(folder[file], TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_sheet_shows_all_scenes()
    {
        using var folder = new TemporaryFolder();
        await Prune.RunAsync("scenes", "--seed", "7", "--count", "5", "--sheet", folder["sheet.png"]);
        var sheet = RgbImage.Load(folder["sheet.png"]);
        var pixels = sheet.Pixels.ToArray();
        // Every scene's middle line, each pixel twice, must appear somewhere on the sheet.
        foreach (var scene in Scenes.DrawMany(7, 5))
        {
            byte[] line = [.. Enumerable.Range(0, 96).SelectMany(x => Enumerable.Repeat(scene.Image.Pixels.Slice((48 * 96 + x) * 3, 3).ToArray(), 2)).SelectMany(pixel => pixel)];
            Assert.True(pixels.AsSpan().IndexOf(line) >= 0, $"scene {scene.Seed} is not on the sheet");
        }
    }

    [Fact]
    public async Task Nothing_to_draw_or_nowhere_to_put_it_is_said_in_a_sentence()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("--out folder", await Prune.RefusedAsync(2, "scenes"));
        Assert.Contains("--count was 0", await Prune.RefusedAsync(1, "scenes", "--count", "0", "--out", folder["s"]));
        Assert.False(Directory.Exists(folder["s"]));
        await File.WriteAllTextAsync(folder["file"], "", TestContext.Current.CancellationToken);
        Assert.Contains("file", await Prune.RefusedAsync(1, "scenes", "--out", folder["file"]));
    }
}
