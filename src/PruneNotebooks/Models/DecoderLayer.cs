using static TorchSharp.torch;

namespace PruneNotebooks.Models;

/// <summary>Adds keys and values to a cache and gives back all of them.</summary>
internal delegate (Tensor Keys, Tensor Values) AppendToCache(Tensor keys, Tensor values);

/// <summary>Looks at what goes into attention or feed-forward part of a layer and what comes out, before it is added to the residual stream, <c>[B, T, D]</c>; reads only.</summary>
internal delegate void ModuleProbe(bool feedForward, Tensor input, Tensor output);

/// <summary>One layer of a Llama decoder: RMSNorm, rotary grouped-query attention, RMSNorm, SwiGLU.</summary>
internal sealed class DecoderLayer(TextConfig config, IWeights weights, string prefix) : IDisposable
{
    readonly RmsNorm attentionNorm = RmsNorm.Take(weights, prefix + "input_layernorm", config.HiddenSize, config.RmsNormEps);
    readonly Linear query = Linear.Take(weights, prefix + "self_attn.q_proj", config.HiddenSize, config.Heads * config.HeadSize, config.AttentionBias);
    readonly Linear key = Linear.Take(weights, prefix + "self_attn.k_proj", config.HiddenSize, config.KeyValueHeads * config.HeadSize, config.AttentionBias);
    readonly Linear value = Linear.Take(weights, prefix + "self_attn.v_proj", config.HiddenSize, config.KeyValueHeads * config.HeadSize, config.AttentionBias);
    readonly Linear output = Linear.Take(weights, prefix + "self_attn.o_proj", config.Heads * config.HeadSize, config.HiddenSize, config.AttentionBias);
    readonly RmsNorm mlpNorm = RmsNorm.Take(weights, prefix + "post_attention_layernorm", config.HiddenSize, config.RmsNormEps);
    readonly Linear gate = Linear.Take(weights, prefix + "mlp.gate_proj", config.HiddenSize, config.IntermediateSize, config.MlpBias);
    readonly Linear up = Linear.Take(weights, prefix + "mlp.up_proj", config.HiddenSize, config.IntermediateSize, config.MlpBias);
    readonly Linear down = Linear.Take(weights, prefix + "mlp.down_proj", config.IntermediateSize, config.HiddenSize, config.MlpBias);
    readonly Func<Tensor, Tensor> activation = Activations.Of(config.HiddenAct);

    /// <summary>The layer over T new tokens.</summary>
    /// <param name="hidden"><c>[B, T, D]</c>, not changed.</param>
    /// <param name="rotation">Rotations of the T tokens.</param>
    /// <param name="append">Where their keys and values go.</param>
    /// <param name="mask">Bool <c>[B, 1, T, S]</c>, true where a query may look; without one, attention is causal when the cache was empty.</param>
    /// <param name="probe">Who wants to look at attention.</param>
    /// <param name="modules">Who wants to look at the two parts.</param>
    public Tensor Forward(Tensor hidden, Rotation rotation, AppendToCache append, Tensor? mask, AttentionProbe? probe, ModuleProbe? modules)
    {
        using var scope = NewDisposeScope();
        var x = attentionNorm.Forward(hidden);
        var q = rotation.Turn(Attention.SplitHeads(query.Forward(x), config.Heads));
        var k = rotation.Turn(Attention.SplitHeads(key.Forward(x), config.KeyValueHeads));
        var (keys, values) = append(k, Attention.SplitHeads(value.Forward(x), config.KeyValueHeads));
        probe?.Invoke(q, keys, values);
        bool causal = mask is null && q.shape[2] > 1;
        var attended = output.Forward(Attention.Fused(q, keys, values, mask, causal));
        modules?.Invoke(false, x, attended);
        var y = attended.add_(hidden);
        var z = mlpNorm.Forward(y);
        var fed = down.Forward(activation(gate.Forward(z)).mul_(up.Forward(z)));
        modules?.Invoke(true, z, fed);
        return fed.add_(y).MoveToOuterDisposeScope();
    }

    /// <summary>Queries, keys and values that the layer would make of tokens, for those who look ahead: <c>[B, H, T, d]</c> and twice <c>[B, Hkv, T, d]</c>.</summary>
    public (Tensor Query, Tensor Key, Tensor Value) Ahead(Tensor hidden, Rotation rotation)
    {
        var x = attentionNorm.Forward(hidden);
        return (rotation.Turn(Attention.SplitHeads(query.Forward(x), config.Heads)), rotation.Turn(Attention.SplitHeads(key.Forward(x), config.KeyValueHeads)), Attention.SplitHeads(value.Forward(x), config.KeyValueHeads));
    }

    public void Dispose()
    {
        foreach (var linear in (Linear[])[query, key, value, output, gate, up, down]) linear.Dispose();
        attentionNorm.Dispose();
        mlpNorm.Dispose();
    }
}
