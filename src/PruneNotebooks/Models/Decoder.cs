using static TorchSharp.torch;

namespace PruneNotebooks.Models;

/// <summary>A Llama decoder (arXiv 2302.13971), one layer at a time so that tokens may leave in between.</summary>
public sealed class Decoder : IDisposable
{
    readonly Tensor embedding;
    readonly Tensor? head;
    readonly RmsNorm norm;
    readonly RotaryEmbedding rotary;
    readonly DecoderLayer[] layers;

    /// <summary>Takes the decoder's weights from a checkpoint.</summary>
    /// <param name="config">The decoder's shape.</param>
    /// <param name="weights">Where from.</param>
    /// <param name="prefix">What stands before <c>model.embed_tokens</c> and <c>lm_head</c>: <c>language_model.</c> in LLaVA, nothing in Llama.</param>
    public Decoder(TextConfig config, IWeights weights, string prefix = "")
    {
        Config = config;
        embedding = weights.Take(prefix + "model.embed_tokens.weight", config.VocabularySize, config.HiddenSize);
        norm = RmsNorm.Take(weights, prefix + "model.norm", config.HiddenSize, config.RmsNormEps);
        head = config.TieEmbeddings ? null : weights.Take(prefix + "lm_head.weight", config.VocabularySize, config.HiddenSize);
        rotary = new RotaryEmbedding(config.Rope, config.HeadSize);
        layers = [.. Enumerable.Range(0, config.Layers).Select(i => new DecoderLayer(config, weights, $"{prefix}model.layers.{i}."))];
    }

    /// <summary>The decoder's shape.</summary>
    public TextConfig Config { get; }

    internal Device Device => embedding.device;

    internal ScalarType Type => embedding.dtype;

    internal long ElementSize => embedding.ElementSize;

    /// <summary>Embeddings of token ids, int64 <c>[...]</c> to <c>[..., D]</c>.</summary>
    public Tensor Embed(Tensor ids)
    {
        using var scope = NewDisposeScope();
        return embedding.index_select(0, ids.flatten()).view([.. ids.shape, Config.HiddenSize]).MoveToOuterDisposeScope();
    }

    /// <summary>Rotations of positions int64 <c>[B, T]</c>.</summary>
    internal Rotation Rotate(Tensor positions) => rotary.At(positions, Type);

    /// <summary>One layer over new tokens, which it adds to the cache.</summary>
    internal Tensor Forward(int index, Tensor hidden, Rotation rotation, KvCache cache, Tensor? mask, AttentionProbe? probe = null, ModuleProbe? modules = null) =>
        Forward(index, hidden, rotation, (k, v) => cache.Append(index, k, v), mask, probe, modules);

    /// <summary>One layer over new tokens, whose keys and values go where <paramref name="append"/> puts them.</summary>
    internal Tensor Forward(int index, Tensor hidden, Rotation rotation, AppendToCache append, Tensor? mask, AttentionProbe? probe = null, ModuleProbe? modules = null) =>
        layers[index].Forward(hidden, rotation, append, mask, probe, modules);

    /// <summary>What a layer would make of tokens; belongs to the caller's dispose scope.</summary>
    internal (Tensor Query, Tensor Key, Tensor Value) Ahead(int index, Tensor hidden, Rotation rotation) => layers[index].Ahead(hidden, rotation);

    /// <summary>The final norm, as before the output head, <c>[..., D]</c>.</summary>
    internal Tensor Normalise(Tensor hidden) => norm.Forward(hidden);

    /// <summary>Final norm and output head, <c>[..., D]</c> to float32 <c>[..., vocabulary]</c>.</summary>
    public Tensor Logits(Tensor hidden)
    {
        using var scope = NewDisposeScope();
        return nn.functional.linear(norm.Forward(hidden), head ?? embedding).to(ScalarType.Float32).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        embedding.Dispose();
        head?.Dispose();
        norm.Dispose();
        rotary.Dispose();
        foreach (var layer in layers) layer.Dispose();
    }
}
