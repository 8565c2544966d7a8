using PruneNotebooks.Metrics;
using PruneNotebooks.Models;

namespace PruneNotebooks.Tests.Metrics;

public sealed class ProbeFileTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public ProbeFileTests()
    {
        Directory.CreateDirectory(Path.Combine(folder.Path, "pictures"));
        File.WriteAllBytes(Path.Combine(folder.Path, "pictures", "dot.png"), new RgbImage(2, 1, [1, 2, 3, 4, 5, 6]).ToPng());
    }

    public void Dispose() => folder.Dispose();

    IReadOnlyList<Probe> Read(params string[] lines) => ProbeFile.Read(Manifest(lines));

    string Manifest(params string[] lines)
    {
        string path = Path.Combine(folder.Path, "probes.jsonl");
        File.WriteAllLines(path, lines);
        return path;
    }

    [Fact]
    public void Lines_become_probes_and_a_picture_is_read_once()
    {
        var probes = Read("""{"id": "1", "image": "pictures/dot.png", "prompt": "what is it ?", "answer": "a dot", "category": "shape"}""", "",
            """{"Image": "./pictures/dot.png", "Prompt": "how many ?", "Answer": "1"}""");
        Assert.Equal([("what is it ?", "a dot", "shape"), ("how many ?", "1", "")], probes.Select(probe => (probe.Question, probe.Answer, probe.Category)));
        Assert.Equal(["1", "3"], probes.Select(probe => probe.Id));
        Assert.Same(probes[0].Image, probes[1].Image);
        Assert.Equal((2, 1), (probes[0].Image.Width, probes[0].Image.Height));
    }

    [Theory]
    [InlineData("""{"image": "pictures/dot.png", "prompt": "what ?"}""", "line 2 has no 'answer'")]
    [InlineData("""{"image": "no.png", "prompt": "what ?", "answer": "a"}""", "no picture file")]
    [InlineData("""{"image": "probes.jsonl", "prompt": "what ?", "answer": "a"}""", "line 2:")]
    [InlineData("""["image"]""", "line 2 is not a JSON object")]
    [InlineData("null", "line 2 is null")]
    public void A_line_that_is_no_probe_is_named(string line, string words) =>
        Assert.Contains(words, Assert.Throws<InvalidDataException>(() => Read("""{"image": "pictures/dot.png", "prompt": "a", "answer": "b"}""", line)).Message, StringComparison.Ordinal);

    [Fact]
    public void No_more_is_read_than_is_asked_for()
    {
        const string line = """{"image": "pictures/dot.png", "prompt": "a", "answer": "b"}""";
        Assert.Equal(2, ProbeFile.Read(Manifest(line, "", line, "damaged"), 2).Count);
        Assert.Throws<InvalidDataException>(() => ProbeFile.Read(Manifest(line, "", line, "damaged"), 3));
    }

    [Fact]
    public void An_id_that_occurs_twice_is_named_with_both_lines()
    {
        const string line = """{"id": "x", "image": "pictures/dot.png", "prompt": "a", "answer": "b"}""";
        Assert.EndsWith("line 3 has the id 'x', which line 1 has, too: give each line its own.", Assert.Throws<InvalidDataException>(() => Read(line, "", line)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_manifest_without_probes_is_refused() => Assert.Contains("no line", Assert.Throws<InvalidDataException>(() => Read("")).Message, StringComparison.Ordinal);
}
