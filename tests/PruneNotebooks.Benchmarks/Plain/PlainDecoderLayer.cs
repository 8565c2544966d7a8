using PruneNotebooks.Models;
using PruneNotebooks.Runtime;
using static TorchSharp.torch;

namespace PruneNotebooks.Benchmarks.Plain;

/// <summary>A Llama layer with an operation for every step, weights of all pairs and a full mask.</summary>
internal sealed class PlainDecoderLayer(TextConfig config, IWeights weights, string prefix)
{
    /// <param name="hidden"><c>[B, T, D]</c>.</param>
    /// <param name="cos">Cosines of all positions, repeated for both halves of a head, <c>[T, d]</c>.</param>
    /// <param name="sin">Sines likewise.</param>
    /// <param name="mask">The causal mask, <c>[T, T]</c>.</param>
    public Tensor Forward(Tensor hidden, Tensor cos, Tensor sin, Tensor mask)
    {
        int width = config.HiddenSize, inner = config.IntermediateSize;
        var x = Norm(hidden, "input_layernorm");
        var q = Turn(PlainAttention.Split(Linear(x, "self_attn.q_proj", width, width), config.Heads), cos, sin);
        var k = Turn(PlainAttention.Split(Linear(x, "self_attn.k_proj", width, width), config.Heads), cos, sin);
        var v = PlainAttention.Split(Linear(x, "self_attn.v_proj", width, width), config.Heads);
        var y = hidden + Linear(PlainAttention.Merge(PlainAttention.Weights(q, k, mask).matmul(v)), "self_attn.o_proj", width, width);
        var z = Norm(y, "post_attention_layernorm");
        return y + Linear(Linear(z, "mlp.gate_proj", width, inner).silu() * Linear(z, "mlp.up_proj", width, inner), "mlp.down_proj", inner, width);
    }

    Tensor Linear(Tensor x, string name, int inputs, int outputs) => nn.functional.linear(x, weights.Take($"{prefix}{name}.weight", outputs, inputs));

    Tensor Norm(Tensor x, string name)
    {
        var wide = x.to(ScalarType.Float32);
        var variance = wide.pow(2.ToCachedScalar()).mean([-1], keepdim: true);
        return weights.Take($"{prefix}{name}.weight", config.HiddenSize) * (wide * (variance + config.RmsNormEps.ToCachedScalar()).rsqrt()).to(x.dtype);
    }

    static Tensor Turn(Tensor x, Tensor cos, Tensor sin)
    {
        var halves = x.chunk(2, -1);
        return x * cos + cat([-halves[1], halves[0]], -1) * sin;
    }
}
