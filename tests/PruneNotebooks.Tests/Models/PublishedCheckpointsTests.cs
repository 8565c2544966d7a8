using System.Text.Json;
using PruneNotebooks.Models;

namespace PruneNotebooks.Tests.Models;

/// <summary>From its configuration alone, a model expects exactly the tensors of the published checkpoint.</summary>
public sealed class PublishedCheckpointsTests
{
    [Theory]
    [InlineData("llava-1.5-7b-hf", 7_063_427_072)]
    [InlineData("llava-1.5-13b-hf", 13_351_494_656)]
    public void Names_and_shapes_are_those_of_the_files(string name, long parameters)
    {
        using var published = JsonDocument.Parse(File.ReadAllText(TestData.Path("published", name + ".json")));
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["config.json"], published.RootElement.GetProperty("config").GetRawText());
        var config = ModelConfig.ReadLlava(folder.Path);
        var recorder = new ShapeRecorder();
        using (new VisionTower(config.Vision, recorder))
        using (new Projector(config, recorder))
        using (new Decoder(config.Text, recorder, "language_model."))
        {
            var expected = published.RootElement.GetProperty("tensors").EnumerateObject()
                .ToDictionary(tensor => tensor.Name, tensor => string.Join(',', tensor.Value.EnumerateArray()));
            var actual = recorder.Shapes.ToDictionary(tensor => tensor.Key, tensor => string.Join(',', tensor.Value));
            Assert.Empty(expected.Except(actual));
            Assert.Empty(actual.Except(expected));
        }
        Assert.Equal(parameters, recorder.Shapes.Values.Sum(shape => shape.Aggregate(1L, (a, b) => a * b)));
    }
}
