using System.Text.Json.Nodes;
using PruneNotebooks.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Models;

public sealed class CheckpointTests : IDisposable
{
    const string Index = "model.safetensors.index.json";
    readonly TemporaryFolder folder = new();
    readonly DisposeScope scope = NewDisposeScope();

    public void Dispose()
    {
        scope.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void Shards_are_one_checkpoint()
    {
        string sharded = TestData.Path("reference", "llava-1.5-bf16-sharded");
        using var weights = Checkpoint.Open(sharded, CPU, float32);
        var map = JsonNode.Parse(File.ReadAllText(Path.Combine(sharded, Index)))!["weight_map"]!.AsObject();
        Assert.Equal(map.Select(pair => pair.Key).Order(StringComparer.Ordinal), weights.Unused);
        foreach (var (name, shard) in map)
        {
            using var file = SafetensorsFile.Open(Path.Combine(sharded, shard!.GetValue<string>()));
            var taken = weights.Take(name, file.Tensors[name].Shape);
            Assert.Equal(float32, taken.dtype);
            Assert.True(taken.equal(file.Read(name).to(float32)).all().item<bool>());
        }
        Assert.Empty(weights.Unused);
    }

    [Theory]
    [InlineData("model.vision_tower.vision_model.")]
    [InlineData("model.vision_tower.")]
    public void The_newer_names_are_known(string tower)
    {
        string older = TestData.Path("reference", "llava-1.5");
        using (var file = SafetensorsFile.Open(Path.Combine(older, "model.safetensors")))
            SafetensorsWriter.Write(folder["model.safetensors"], file.Tensors.Keys.Select(name => KeyValuePair.Create(Newer(name), file.Read(name))));
        using var expected = Checkpoint.Open(older, CPU, float32);
        using var actual = Checkpoint.Open(folder.Path, CPU, float32);
        Assert.Contains("model.language_model.layers.3.mlp.up_proj.weight", actual.Unused);
        Assert.Contains("lm_head.weight", actual.Unused);
        foreach (string name in expected.Unused)
        {
            Assert.True(actual.Has(name), name);
            long[] shape = ShapeOf(older, name);
            Assert.True(actual.Take(name, shape).equal(expected.Take(name, shape)).all().item<bool>());
        }
        Assert.Empty(actual.Unused);

        string Newer(string name) => name
            .Replace("language_model.model.", "model.language_model.", StringComparison.Ordinal)
            .Replace("language_model.lm_head.", "lm_head.", StringComparison.Ordinal)
            .Replace("vision_tower.vision_model.", tower, StringComparison.Ordinal)
            .Replace("multi_modal_projector.", "model.multi_modal_projector.", StringComparison.Ordinal);
    }

    [Fact]
    public void Names_of_a_language_model_alone_stay()
    {
        SafetensorsWriter.Write(folder["model.safetensors"], [new("lm_head.weight", ones(2)), new("model.norm.weight", ones(3))]);
        using var weights = Checkpoint.Open(folder.Path, CPU, float32);
        Assert.True(weights.Has("lm_head.weight") && weights.Has("model.norm.weight"));
        Assert.False(weights.Has("language_model.lm_head.weight"));
    }

    [Fact]
    public void Weights_wanted_as_stored_share_the_file()
    {
        using var weights = Checkpoint.Open(TestData.Path("reference", "llama"), CPU, float16);
        var once = weights.Take("model.norm.weight", 64);
        once.fill_(7);
        Assert.Equal(7f, weights.Take("model.norm.weight", 64)[0].to(float32).item<float>());
    }

    [Fact]
    public void Buffers_that_are_computed_are_not_missed()
    {
        SafetensorsWriter.Write(folder["model.safetensors"], [new("language_model.model.layers.0.self_attn.rotary_emb.inv_freq", ones(2)), new("a", ones(1))]);
        using var weights = Checkpoint.Open(folder.Path, CPU, float32);
        Assert.Equal(["a"], weights.Unused);
    }

    [Fact]
    public void A_missing_tensor_and_a_wrong_shape_are_named()
    {
        string llama = TestData.Path("reference", "llama");
        using var weights = Checkpoint.Open(llama, CPU, float32);
        string missing = Assert.Throws<InvalidDataException>(() => weights.Take("lm_head.weight", 902, 64)).Message;
        Assert.Contains($"'{llama}': tensor 'lm_head.weight' of shape [902, 64] is missing", missing, StringComparison.Ordinal);
        string wrong = Assert.Throws<InvalidDataException>(() => weights.Take("model.norm.weight", 65)).Message;
        Assert.Equal($"'{Path.Combine(llama, "model.safetensors")}': tensor 'model.norm.weight' has the shape [64]; config.json asks for [65].", wrong);
        Assert.Contains("model.norm.weight", weights.Unused);
    }

    [Fact]
    public void A_folder_without_weights_is_named()
    {
        File.WriteAllText(folder["pytorch_model.bin"], "");
        Assert.Contains($"'{folder.Path}' has neither", Assert.Throws<FileNotFoundException>(() => Checkpoint.Open(folder.Path, CPU, float32)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "a": "one", "b": "three" }""", "lists the file 'three', which is not in the folder")]
    [InlineData("""{ "a": "one", "b": "../two" }""", "lists the file '../two', which is not a plain file name")]
    [InlineData("""{ "a": "one", "b": "two", "c": "two" }""", "says that tensor 'c' is in 'two', but that file does not have it")]
    [InlineData("""{ "a": "two", "b": "two" }""", "says that tensor 'a' is in 'two', but that file does not have it")]
    [InlineData("""{ "a": "one", "b": "again" }""", "tensor 'a' is also in ")]
    [InlineData("""{ "a": 1 }""", "field 'weight_map.a' is 1; expected a text")]
    [InlineData("""[]""", "field 'weight_map' is []; expected an object")]
    public void An_index_that_disagrees_with_the_files_is_named(string map, string message)
    {
        SafetensorsWriter.Write(folder["one"], [new("a", ones(1))]);
        SafetensorsWriter.Write(folder["two"], [new("b", ones(1))]);
        SafetensorsWriter.Write(folder["again"], [new("a", ones(1)), new("b", ones(1))]);
        File.WriteAllText(folder[Index], $$"""{ "weight_map": {{map}} }""");
        var error = Assert.ThrowsAny<Exception>(() => Checkpoint.Open(folder.Path, CPU, float32));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_tensor_in_both_layouts_is_named()
    {
        SafetensorsWriter.Write(folder["model.safetensors"], [new("model.language_model.norm.weight", ones(1)), new("language_model.model.norm.weight", ones(1))]);
        Assert.Contains("which one counts", Assert.Throws<InvalidDataException>(() => Checkpoint.Open(folder.Path, CPU, float32)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_recorder_writes_down_what_is_asked_for_and_costs_nothing()
    {
        var recorder = new ShapeRecorder(["huge", "b"]);
        using var huge = recorder.Take("huge", 1L << 30, 1L << 20);
        Assert.Equal([1L << 30, 1L << 20], huge.shape);
        Assert.Equal([1L << 30, 1L << 20], recorder.Shapes["huge"]);
        Assert.False(recorder.Has("c"));
        Assert.Throws<InvalidDataException>(() => recorder.Take("c", 1));
        Assert.True(new ShapeRecorder().Has("anything"));
    }

    static long[] ShapeOf(string folder, string name)
    {
        using var file = SafetensorsFile.Open(Path.Combine(folder, "model.safetensors"));
        return file.Tensors[name].Shape;
    }
}
