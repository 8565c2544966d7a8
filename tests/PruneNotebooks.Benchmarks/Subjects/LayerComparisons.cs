using PruneNotebooks.Benchmarks.Inputs;
using PruneNotebooks.Benchmarks.Plain;
using PruneNotebooks.Models;
using static TorchSharp.torch;

namespace PruneNotebooks.Benchmarks.Subjects;

/// <summary>Parts of LLaVA-1.5-7B's shape, with random weights, beside their plainest form.</summary>
internal static class LayerComparisons
{
    const int Length = 576 + 60;

    static readonly TextConfig Llama = new()
    {
        ModelType = "llama", HiddenSize = 4096, IntermediateSize = 11008, Layers = 32, Heads = 32, KeyValueHeads = 32, HeadSize = 128,
        MaxPositions = 4096, VocabularySize = 32064, HiddenAct = "silu", RmsNormEps = 1e-5, TieEmbeddings = false, AttentionBias = false, MlpBias = false,
        Rope = new() { Type = "default", Theta = 10000, OriginalMaxPositions = 4096 },
    };

    /// <summary>In float32, and in bfloat16 where the processor computes in it.</summary>
    public static IEnumerable<Comparison> All => Machine.ComputesInBFloat16 ? [.. In(ScalarType.Float32), .. In(ScalarType.BFloat16)] : In(ScalarType.Float32);

    static Comparison[] In(ScalarType type) =>
    [
        new("decoder layer", $"{Length} tokens, {type}", () => DecoderLayer(type)),
        new("vision tower, 23 blocks", $"577 tokens, {type}", () => VisionTower(type)),
    ];

    static double Tolerance(ScalarType type) => type == ScalarType.Float32 ? 1e-4 : 3e-2;

    static Pair DecoderLayer(ScalarType type)
    {
        const string prefix = "model.layers.0.";
        var weights = new RandomWeights(type);
        var ours = new DecoderLayer(Llama, weights, prefix);
        var plain = new PlainDecoderLayer(Llama, weights, prefix);
        using var scope = NewDisposeScope();
        var hidden = Features.Unrelated(Length, Llama.HiddenSize).unsqueeze(0).to(type).DetachFromDisposeScope();
        using var rotary = new RotaryEmbedding(Llama.Rope, Llama.HeadSize);
        var rotation = rotary.At(arange(Length, ScalarType.Int64).unsqueeze(0), type);
        var cos = cat([rotation.Cos, rotation.Cos], -1).squeeze(0).squeeze(0).DetachFromDisposeScope();
        var sin = cat([rotation.Sin, rotation.Sin], -1).squeeze(0).squeeze(0).DetachFromDisposeScope();
        var mask = PlainAttention.CausalMask(Length, type).DetachFromDisposeScope();
        rotation.Cos.DetachFromDisposeScope();
        rotation.Sin.DetachFromDisposeScope();
        return new Pair(
            port: () => plain.Forward(hidden, cos, sin, mask),
            ours: () =>
            {
                using var cache = new KvCache(1);
                return ours.Forward(hidden, rotation, (key, value) => cache.Append(0, key, value), mask: null, probe: null, modules: null);
            },
            Agreement.Close(Tolerance(type)), weights, ours, hidden, rotation, cos, sin, mask);
    }

    static Pair VisionTower(ScalarType type)
    {
        var config = VisionConfig.ClipLarge336;
        int blocks = config.Layers - 1;
        var weights = new RandomWeights(type);
        var ours = new VisionTower(config, weights);
        var plain = new PlainVisionTower(config, weights);
        var pixels = randn([1, config.Channels, config.ImageSize, config.ImageSize], type);
        return new Pair(
            port: () => plain.Forward(pixels, blocks),
            ours: () =>
            {
                var hidden = ours.Embed(pixels);
                for (int block = 0; block < blocks; block++)
                {
                    using var before = hidden;
                    hidden = ours.Forward(block, before);
                }
                return hidden;
            },
            Agreement.Close(Tolerance(type)), weights, ours, pixels);
    }
}
