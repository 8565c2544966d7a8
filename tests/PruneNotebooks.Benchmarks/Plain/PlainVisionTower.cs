using PruneNotebooks.Models;
using PruneNotebooks.Runtime;
using static TorchSharp.torch;

namespace PruneNotebooks.Benchmarks.Plain;

/// <summary>CLIP's vision transformer with an operation for every step and attention weights of all pairs.</summary>
internal sealed class PlainVisionTower(VisionConfig config, IWeights weights)
{
    const string Prefix = "vision_tower.vision_model.";

    /// <param name="pixels"><c>[B, 3, side, side]</c>.</param>
    /// <param name="blocks">How many blocks run.</param>
    /// <returns><c>[B, 1 + N, D]</c>.</returns>
    public Tensor Forward(Tensor pixels, int blocks)
    {
        int width = config.HiddenSize;
        var kernel = Weight("embeddings.patch_embedding.weight", width, config.Channels, config.PatchSize, config.PatchSize);
        var patches = nn.functional.conv2d(pixels, kernel, strides: [config.PatchSize, config.PatchSize]).flatten(2).transpose(1, 2);
        var first = Weight("embeddings.class_embedding", width).expand(pixels.shape[0], 1, width);
        var hidden = Norm(cat([first, patches], 1) + Weight("embeddings.position_embedding.weight", config.Patches + 1, width), "pre_layrnorm");
        for (int block = 0; block < blocks; block++)
        {
            using var scope = NewDisposeScope();
            hidden = Block(hidden, $"encoder.layers.{block}.").MoveToOuterDisposeScope();
        }
        return hidden;
    }

    Tensor Block(Tensor hidden, string name)
    {
        int width = config.HiddenSize, inner = config.IntermediateSize;
        var x = Norm(hidden, name + "layer_norm1");
        var q = PlainAttention.Split(Linear(x, name + "self_attn.q_proj", width, width), config.Heads);
        var k = PlainAttention.Split(Linear(x, name + "self_attn.k_proj", width, width), config.Heads);
        var v = PlainAttention.Split(Linear(x, name + "self_attn.v_proj", width, width), config.Heads);
        var y = hidden + Linear(PlainAttention.Merge(PlainAttention.Weights(q, k).matmul(v)), name + "self_attn.out_proj", width, width);
        var z = Linear(Norm(y, name + "layer_norm2"), name + "mlp.fc1", width, inner);
        return y + Linear(z * (z * 1.702.ToCachedScalar()).sigmoid(), name + "mlp.fc2", inner, width);
    }

    Tensor Weight(string name, params ReadOnlySpan<long> shape) => weights.Take(Prefix + name, shape);

    Tensor Linear(Tensor x, string name, int inputs, int outputs) =>
        nn.functional.linear(x, Weight(name + ".weight", outputs, inputs), Weight(name + ".bias", outputs));

    Tensor Norm(Tensor x, string name) =>
        nn.functional.layer_norm(x, [config.HiddenSize], Weight(name + ".weight", config.HiddenSize), Weight(name + ".bias", config.HiddenSize), config.LayerNormEps);
}
