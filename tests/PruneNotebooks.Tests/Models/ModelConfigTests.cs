using System.Text.Json.Nodes;
using PruneNotebooks.Models;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Models;

public sealed class ModelConfigTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_file_that_says_little_is_completed()
    {
        var config = ModelConfig.ReadLlava(TestData.Path("reference", "llava-1.5-bf16-sharded"));
        Assert.Equal((900, "gelu", true, FeatureSelection.Default, ScalarType.BFloat16),
            (config.ImageToken, config.ProjectorAct, config.ProjectorBias, config.FeatureSelection, config.StoredType!.Value));
        Assert.Equal([-2], config.FeatureLayers);
        Assert.Equal(new VisionConfig
        {
            ModelType = "clip_vision_model", HiddenSize = 48, IntermediateSize = 96, Layers = 4, Heads = 4, Channels = 3, ImageSize = 84, PatchSize = 14,
            HiddenAct = "quick_gelu", LayerNormEps = 1e-5,
        }, config.Vision);
        Assert.Equal((12, 6, 36), (config.Vision.HeadSize, config.Vision.GridSide, config.Vision.Patches));
        Assert.Equal(new TextConfig
        {
            ModelType = "llama", HiddenSize = 64, IntermediateSize = 112, Layers = 4, Heads = 4, KeyValueHeads = 2, HeadSize = 16, MaxPositions = 2048,
            VocabularySize = 902, HiddenAct = "silu", RmsNormEps = 1e-5, TieEmbeddings = false, AttentionBias = false, MlpBias = false,
            Rope = new() { Type = "default", Theta = 10000, OriginalMaxPositions = 2048 },
        }, config.Text);
    }

    [Fact]
    public void The_newest_form_and_a_list_of_feature_layers_are_read()
    {
        var config = ModelConfig.ReadLlava(TestData.Path("reference", "llava-feature-layers"));
        Assert.Equal([-1, 1], config.FeatureLayers);
        Assert.Equal((FeatureSelection.Full, false, ScalarType.Float16), (config.FeatureSelection, config.ProjectorBias, config.StoredType!.Value));
        Assert.Equal(10000, config.Text.Rope.Theta);
    }

    [Fact]
    public void Rope_scaling_and_tied_embeddings_are_read()
    {
        string llama = TestData.Path("reference", "llama");
        Assert.Equal("llama", ModelConfig.ModelType(llama));
        var config = ModelConfig.ReadText(llama);
        Assert.True(config.TieEmbeddings);
        Assert.Equal(new RopeConfig
        {
            Type = "llama3", Theta = 500000, Factor = 8, LowFrequencyFactor = 1, HighFrequencyFactor = 4, OriginalMaxPositions = 64,
        }, config.Rope);
    }

    [Theory]
    [InlineData("llava-1.5-7b-hf", 4096, 11008, 32)]
    [InlineData("llava-1.5-13b-hf", 5120, 13824, 40)]
    public void Published_configurations_are_read(string name, int hidden, int intermediate, int layersAndHeads)
    {
        Write(JsonNode.Parse(File.ReadAllText(TestData.Path("published", name + ".json")))!["config"]!);
        var config = ModelConfig.ReadLlava(folder.Path);
        var text = config.Text;
        Assert.Equal((hidden, intermediate, layersAndHeads, layersAndHeads, layersAndHeads, 128, 4096, 32064),
            (text.HiddenSize, text.IntermediateSize, text.Layers, text.Heads, text.KeyValueHeads, text.HeadSize, text.MaxPositions, text.VocabularySize));
        Assert.Equal((1e-5, 576, 32000L), (text.RmsNormEps, config.Vision.Patches, config.ImageToken));
    }

    /// <summary>A file that says nothing and one that says everything as the reference classes have it are the same.</summary>
    [Fact]
    public void Defaults_are_those_of_the_reference_classes()
    {
        var defaults = JsonNode.Parse(File.ReadAllText(TestData.Path("config-defaults.json")))!;
        Assert.Equal(Llava(defaults["llava"]!.ToJsonString()), Llava("""{ "model_type": "llava" }"""));
        Assert.Equal(Text(defaults["llama"]!.ToJsonString()), Text("""{ "model_type": "llama" }"""));
        Assert.Equal(Llava($$"""{ "model_type": "llava", "vision_config": {{defaults["clip_vision_model"]!.ToJsonString()}} }"""),
            Llava("""{ "model_type": "llava", "vision_config": {} }"""));

        string Llava(string json)
        {
            Write(json);
            var config = ModelConfig.ReadLlava(folder.Path);
            return $"{config} {string.Join(' ', config.FeatureLayers)}".Replace(config.FeatureLayers.ToString()!, "", StringComparison.Ordinal);
        }

        string Text(string json)
        {
            Write(json);
            return ModelConfig.ReadText(folder.Path).ToString();
        }
    }

    [Theory]
    [InlineData("""{ "hidden_size": 64, "num_attention_heads": 4 }""", 16, 4)]
    [InlineData("""{ "hidden_size": 64, "num_attention_heads": 4, "head_dim": 32, "num_key_value_heads": 2 }""", 32, 2)]
    [InlineData("""{ "hidden_size": 64, "num_attention_heads": 4, "head_dim": null, "num_key_value_heads": null }""", 16, 4)]
    [InlineData("""{ "hidden_size": 66, "num_attention_heads": 4, "head_dim": 32 }""", 32, 4)]
    public void Head_sizes_follow_from_what_is_said(string text, int headSize, int keyValueHeads)
    {
        var json = JsonNode.Parse(text)!;
        json["model_type"] = "llama";
        Write(json);
        var config = ModelConfig.ReadText(folder.Path);
        Assert.Equal((headSize, keyValueHeads), (config.HeadSize, config.KeyValueHeads));
    }

    [Theory]
    [InlineData("""{ "rope_theta": 5e5, "rope_scaling": { "type": "linear", "factor": 2.0 } }""", "linear", 5e5, 2)]
    [InlineData("""{ "rope_parameters": { "rope_type": "linear", "factor": 4, "rope_theta": 1e6 } }""", "linear", 1e6, 4)]
    [InlineData("""{ "rope_theta": 5e5, "rope_scaling": null }""", "default", 5e5, 1)]
    [InlineData("""{ "rope_scaling": { "rope_type": "default" } }""", "default", 1e4, 1)]
    public void Both_ways_of_writing_rotary_positions_are_read(string text, string type, double theta, double factor)
    {
        var json = JsonNode.Parse(text)!;
        json["model_type"] = "llama";
        Write(json);
        Assert.Equal(new RopeConfig { Type = type, Theta = theta, Factor = factor, OriginalMaxPositions = 2048 }, ModelConfig.ReadText(folder.Path).Rope);
    }

    [Theory]
    [InlineData("""{ "text_config": { "hidden_size": 0 } }""", "'text_config.hidden_size' is 0; expected a whole number above 0")]
    [InlineData("""{ "text_config": { "hidden_size": 99999999999 } }""", "'text_config.hidden_size' is 99999999999; expected a whole number")]
    [InlineData("""{ "text_config": { "num_hidden_layers": "many" } }""", "'text_config.num_hidden_layers' is \"many\"; expected a whole number")]
    [InlineData("""{ "text_config": { "num_attention_heads": 5 } }""", "'text_config.num_attention_heads' is 5; expected a divisor of hidden_size = 4096")]
    [InlineData("""{ "text_config": { "num_key_value_heads": 5 } }""", "'text_config.num_key_value_heads' is 5; expected a divisor of num_attention_heads = 32")]
    [InlineData("""{ "text_config": { "head_dim": 15 } }""", "'text_config.head_dim' is 15; expected an even head size")]
    [InlineData("""{ "text_config": { "rms_norm_eps": -1 } }""", "'text_config.rms_norm_eps' is -1; expected a number above 0")]
    [InlineData("""{ "text_config": { "attention_bias": 1 } }""", "'text_config.attention_bias' is 1; expected true or false")]
    [InlineData("""{ "text_config": { "rope_scaling": { "rope_type": "llama3" } } }""", "'text_config.rope_scaling.factor' is missing")]
    [InlineData("""{ "text_config": { "rope_scaling": { "type": "llama3", "factor": 8, "low_freq_factor": 4, "high_freq_factor": 4 } } }""", "more than low_freq_factor = 4")]
    [InlineData("""{ "text_config": [] }""", "'text_config' is []; expected an object")]
    [InlineData("""{ "vision_config": { "num_attention_heads": 7 } }""", "'vision_config.num_attention_heads' is 7; expected a divisor of hidden_size = 768")]
    [InlineData("""{ "vision_config": { "patch_size": 225 } }""", "'vision_config.patch_size' is 225")]
    [InlineData("""{ "vision_config": { "image_size": [2, 2] } }""", "'vision_config.image_size' is [2,2]")]
    [InlineData("""{ "vision_feature_layer": -26 }""", "'vision_feature_layer' is -26; expected numbers from -25 to 24")]
    [InlineData("""{ "vision_feature_layer": [] }""", "'vision_feature_layer' is []; expected a whole number or a list")]
    [InlineData("""{ "image_token_index": -1 }""", "'image_token_index' is -1; expected a token id")]
    [InlineData("""{ "model_type": 3 }""", "'model_type' is 3; expected a text")]
    [InlineData("""{ "model_type": "llava_next" }""", "'model_type' is \"llava_next\"; expected \"llava\"")]
    public void What_makes_no_sense_is_named(string fields, string message)
    {
        Write(fields);
        var error = Assert.Throws<InvalidDataException>(() => ModelConfig.ReadLlava(folder.Path));
        Assert.StartsWith($"'{folder["config.json"]}': field ", error.Message, StringComparison.Ordinal);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "text_config": { "model_type": "mistral" } }""", "'text_config.model_type' is \"mistral\"", "llama")]
    [InlineData("""{ "vision_config": { "model_type": "siglip_vision_model" } }""", "'vision_config.model_type' is \"siglip_vision_model\"", "clip_vision_model")]
    [InlineData("""{ "text_config": { "hidden_act": "xielu" } }""", "'text_config.hidden_act' is \"xielu\"", "silu")]
    [InlineData("""{ "projector_hidden_act": "tanhexp" }""", "'projector_hidden_act' is \"tanhexp\"", "gelu")]
    [InlineData("""{ "text_config": { "rope_scaling": { "rope_type": "yarn", "factor": 4 } } }""", "'text_config.rope_scaling.rope_type' is \"yarn\"", "llama3")]
    [InlineData("""{ "text_config": { "rope_scaling": { "type": "dynamic", "factor": 4 } } }""", "'text_config.rope_scaling.type' is \"dynamic\"", "llama3")]
    [InlineData("""{ "text_config": { "partial_rotary_factor": 0.5 } }""", "'text_config.partial_rotary_factor' is 0.5", "1 (the whole head turns)")]
    [InlineData("""{ "vision_feature_select_strategy": "cls" }""", "'vision_feature_select_strategy' is \"cls\"", "default, full")]
    [InlineData("""{ "torch_dtype": "float8_e4m3fn" }""", "'torch_dtype' is \"float8_e4m3fn\"", "bfloat16")]
    [InlineData("""{ "quantization_config": { "quant_method": "awq" } }""", "'quantization_config' asks for quantised weights", "not supported")]
    public void What_is_not_implemented_is_refused(string fields, string message, string supported)
    {
        Write(fields);
        var error = Assert.Throws<NotSupportedException>(() => ModelConfig.ReadLlava(folder.Path));
        Assert.Contains(folder["config.json"], error.Message, StringComparison.Ordinal);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Contains(supported, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "is not JSON")]
    [InlineData("{ \"model_type\": ", "is not JSON")]
    [InlineData("[1]", "is not a JSON object")]
    [InlineData("{ \"hidden_size\": 1, \"hidden_size\": 2 }", "is not JSON")]
    [InlineData("{}", "field 'model_type' is missing")]
    [InlineData("{ \"model_type\": \"\\ud800\" }", "field 'model_type' is \"\\ud800\"; expected valid Unicode")]
    [InlineData("{ \"\\ud800\": 1 }", "is not JSON")]
    public void A_damaged_file_is_named(string content, string message)
    {
        File.WriteAllText(folder["config.json"], content);
        Action[] readers = [() => ModelConfig.ReadLlava(folder.Path), () => ModelConfig.ReadText(folder.Path), () => ModelConfig.ModelType(folder.Path)];
        foreach (var read in readers)
        {
            var error = Assert.Throws<InvalidDataException>(read);
            Assert.StartsWith($"'{folder["config.json"]}'", error.Message, StringComparison.Ordinal);
            Assert.Contains(message, error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_missing_file_is_named() =>
        Assert.Contains(folder["config.json"], Assert.Throws<FileNotFoundException>(() => ModelConfig.ModelType(folder.Path)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("""{ "bos_token_id": 5, "eos_token_id": [6, 7], "pad_token_id": 0 }""", "{}", "5|6,7|0")]
    [InlineData("""{ "eos_token_id": 6 }""", """{ "text_config": { "bos_token_id": 8, "eos_token_id": 9 }, "pad_token_id": 1 }""", "8|6|1")]
    [InlineData(null, """{ "eos_token_id": 4, "text_config": { "eos_token_id": 9 } }""", "1|4|")]
    [InlineData("""{ "eos_token_id": [] }""", "{}", "1||")]
    [InlineData(null, "{}", "1|2|")]
    public void Tokens_of_an_answer_are_read(string? generation, string config, string expected)
    {
        File.WriteAllText(folder["config.json"], config);
        if (generation is not null) File.WriteAllText(folder["generation_config.json"], generation);
        var tokens = ModelConfig.ReadGeneration(folder.Path);
        Assert.Equal(expected, $"{tokens.BeginToken}|{string.Join(',', tokens.EndTokens)}|{tokens.PadToken}");
    }

    void Write(JsonNode json) => File.WriteAllText(folder["config.json"], json.ToJsonString());

    void Write(string fields)
    {
        var json = JsonNode.Parse(fields)!;
        if (json["model_type"] is null) json["model_type"] = "llava";
        Write(json);
    }
}
