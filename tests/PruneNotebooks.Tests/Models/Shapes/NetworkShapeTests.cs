using PruneNotebooks.Metrics;
using PruneNotebooks.Models.Shapes;
using PruneNotebooks.Pruners;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Tests.Models.Shapes;

/// <summary>Costs of published models that this library need not be able to run.</summary>
public sealed class NetworkShapeTests
{
    [Theory]
    [InlineData("llava-1.5-7b-hf", 480, 640, 1, 576)]
    [InlineData("llava-v1.6-vicuna-7b-hf", 672, 672, 5, 24 * 24 + 48 * 48 + 48)]    // four tiles, a line break after each row
    [InlineData("llava-v1.6-vicuna-7b-hf", 336, 1008, 4, 24 * 24 + 24 * 72 + 24)]
    [InlineData("llava-onevision-qwen2-7b-ov-hf", 384, 384, 2, 729 + 27 * 27 + 27)]
    [InlineData("llava-onevision-qwen2-7b-ov-hf", 2304, 2304, 37, 729 + 81 * 81 + 81)] // shrunk to nine crops' worth
    [InlineData("Qwen2.5-VL-7B-Instruct", 1092, 1092, 1, 39 * 39)]
    [InlineData("Qwen3-VL-2B-Instruct", 1024, 512, 1, 32 * 16)]
    [InlineData("InternVL3-8B-hf", 448, 448, 1, 256)]
    [InlineData("InternVL3-8B-hf", 896, 896, 5, 5 * 256)]
    [InlineData("SmolVLM-256M-Instruct", 600, 800, 13, 13 * 64)]
    public void Crops_and_tokens_of_a_picture(string model, int height, int width, int crops, int tokens)
    {
        var input = PublishedModels.Shape(model).Picture(height, width);
        Assert.Equal((crops, tokens), (input.Crops, input.Tokens));
    }

    [Fact]
    public void Windows_at_the_edge_are_smaller()
    {
        // 78 x 78 patches in windows of 8: nine whole ones and a rest of 6 in each direction.
        var shape = PublishedModels.Shape("Qwen2.5-VL-7B-Instruct");
        var cost = shape.Cost(shape.Picture(1092, 1092), textTokens: 30);
        double Pairs(params int[] windows) => windows.Sum(height => windows.Sum(width => Math.Pow(height * width, 2)));
        double linear = 2.0 * 78 * 78 * (4 * 1280 * 1280 + 3 * 1280 * 3420);
        Assert.Equal(linear + 4 * 1280 * Pairs([.. Enumerable.Repeat(8, 9), 6]), cost.Tower[0].Flops, tolerance: 1);
        Assert.Equal(linear + 4 * 1280 * Pairs(78), cost.Tower[7].Flops, tolerance: 1);
        Assert.Equal(4, cost.Tower.Count(block => block.Flops > cost.Tower[0].Flops));
        // Four patches side by side become one token.
        Assert.Equal(2.0 * 39 * 39 * (5120 * 5120 + 5120.0 * 3584), cost.Projector.Flops);
        // Four of 28 heads have keys and values.
        Assert.All(cost.KvCacheBytes, bytes => Assert.Equal((39 * 39 + 30) * 2 * 4 * 128 * 2, bytes));
    }

    [Fact]
    public void A_LLaVA_takes_its_features_before_the_last_block() => Assert.Equal(23, PublishedModels.Shape("llava-1.5-7b-hf").Tower!.BlocksUsed);

    [Fact]
    public void Where_every_head_has_its_own_keys_the_papers_gated_formula_is_half_of_the_cost()
    {
        foreach (string name in PublishedModels.Names)
        {
            if (PublishedModels.Shape(name).Decoder is not { Block: { Gated: true } block } decoder || block.KeyValueHeads != block.Heads || block.QueryWidth != block.Width) continue;
            var published = PublishedFlops.Of(decoder) with { FeedForwardMatrices = 3 };
            Assert.Equal(2 * published.Layer(612), decoder.Prefill(612, 2).Flops, tolerance: 1);
        }
    }

    [Fact]
    public void Decoding_waits_for_memory_and_the_prefill_does_not()
    {
        // An A100 does 312e12 operations and moves 2.0e12 bytes in a second: 156 operations for each byte.
        var shape = PublishedModels.Shape("llava-1.5-7b-hf");
        var cost = shape.Cost(shape.Picture(336, 336), textTokens: 40, answerTokens: 64);
        Assert.True(cost.WholePrefill.Intensity > 156 && cost.WholeDecode.Intensity < 2, $"{cost.WholePrefill.Intensity} and {cost.WholeDecode.Intensity} operations for each byte");
    }

    [Fact]
    public void A_plan_costs_what_its_tokens_by_layer_cost()
    {
        var shape = PublishedModels.Shape("llava-1.5-7b-hf");
        var plan = PruningPlan.At(Stage.Decoder(8), new RandomTokens(), 0.5).Then(Stage.Decoder(16), new RandomTokens(), 0.5).Then(Stage.Decoder(24), new RandomTokens(), 0.5);
        var cost = shape.Cost(shape.Picture(336, 336), textTokens: 0, plan: plan);
        Assert.Equal(270, cost.AverageVisualTokens); // PyramidDrop, arXiv 2410.17247
        Assert.Equal(2 * (PublishedFlops.Of(shape.Decoder!) with { FeedForwardMatrices = 3 }).Total(plan.VisualTokens(576, 32).ByLayer), Work.Sum(cost.Prefill).Flops, tolerance: 1e3);
    }

    [Fact]
    public void What_cannot_be_counted_is_refused_in_a_sentence()
    {
        var next = PublishedModels.Shape("llava-v1.6-vicuna-7b-hf");
        var qwen = PublishedModels.Shape("Qwen2.5-VL-7B-Instruct");
        var inTower = PruningPlan.At(Stage.Vision(2), new RandomTokens(), 0.5);
        Assert.Contains("5 crops", Assert.Throws<NotSupportedException>(() => next.Cost(next.Picture(672, 672), 10, plan: inTower)).Message, StringComparison.Ordinal);
        Assert.Contains("windows of 8 x 8", Assert.Throws<NotSupportedException>(() => qwen.Cost(qwen.Picture(336, 336), 10, plan: inTower)).Message, StringComparison.Ordinal);
        Assert.Contains("layers 0 to 31", Assert.Throws<ArgumentException>(() => next.Cost(next.Picture(672, 672), 10, plan: PruningPlan.At(Stage.Decoder(32), new RandomTokens(), 0.5))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => next.Cost(next.Picture(672, 672), 10, answerTokens: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => next.Picture(0, 10));
        Assert.Contains("llama sees no pictures", Assert.Throws<NotSupportedException>(() => PublishedModels.Shape("SmolLM2-135M-Instruct").Picture(10, 10)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "model_type": "mamba" }""", "'model_type' is \"mamba\"")]
    [InlineData("""{ }""", "'model_type' is missing")]
    [InlineData("""{ "model_type": "llama", "hidden_size": 100, "num_attention_heads": 7 }""", "'num_attention_heads' is 7; expected a divisor of 100")]
    [InlineData("""{ "model_type": "llava_next", "image_grid_pinpoints": [[336]] }""", "'image_grid_pinpoints'")]
    [InlineData("""{ "model_type": "llava_onevision", "vision_aspect_ratio": "square" }""", "'vision_aspect_ratio' is \"square\"")]
    [InlineData("""{ "model_type": "llava", "vision_feature_layer": 40 }""", "numbers from -25 to 24")]
    [InlineData("""{ "model_type": "vit", "image_size": [224, 200] }""", "the side of a square")]
    [InlineData("""{ "model_type": "vit", "patch_size": 300 }""", "'patch_size' is 300; expected at most 224")]
    [InlineData("""{ "model_type": "internvl", "downsample_ratio": 0.3 }""", "'downsample_ratio' is 0.3")]
    [InlineData("""{ "model_type": "llama", "quantization_config": {} }""", "quantised weights")]
    public void A_configuration_that_makes_no_sense_is_refused_by_field(string json, string expected)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["config.json"], json);
        var refused = Assert.ThrowsAny<Exception>(() => NetworkShape.Read(folder.Path));
        Assert.True(refused is InvalidDataException or NotSupportedException, refused.GetType().Name);
        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
        Assert.Contains("config.json", refused.Message, StringComparison.Ordinal);
    }
}
