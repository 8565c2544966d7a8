using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Models;

/// <summary>CLIP's vision transformer (arXiv 2103.00020), one block at a time so that tokens may leave in between.</summary>
/// <remarks>The sequence is the class token followed by the patches in raster order.</remarks>
public sealed class VisionTower : IDisposable
{
    readonly Tensor classToken, patchKernel, positions;
    readonly LayerNorm before, after;
    readonly Block[] blocks;

    /// <summary>Takes the tower's weights from a checkpoint.</summary>
    public VisionTower(VisionConfig config, IWeights weights, string prefix = "vision_tower.vision_model.")
    {
        Config = config;
        int width = config.HiddenSize;
        classToken = weights.Take(prefix + "embeddings.class_embedding", width);
        patchKernel = weights.Take(prefix + "embeddings.patch_embedding.weight", width, config.Channels, config.PatchSize, config.PatchSize);
        positions = weights.Take(prefix + "embeddings.position_embedding.weight", config.Patches + 1, width);
        // The published name of this norm really is misspelt.
        before = LayerNorm.Take(weights, prefix + "pre_layrnorm", width, config.LayerNormEps);
        after = LayerNorm.Take(weights, prefix + "post_layernorm", width, config.LayerNormEps);
        blocks = [.. Enumerable.Range(0, config.Layers).Select(i => new Block(config, weights, $"{prefix}encoder.layers.{i}."))];
    }

    /// <summary>The tower's shape.</summary>
    public VisionConfig Config { get; }

    /// <summary>The input of the first block.</summary>
    /// <param name="pixels">Normalised pictures <c>[B, 3, side, side]</c>; smaller ones of whole patches get interpolated positions.</param>
    /// <returns><c>[B, 1 + N, D]</c>.</returns>
    /// <exception cref="ArgumentException">The pictures are larger than the tower takes, or cut patches in two.</exception>
    public Tensor Embed(Tensor pixels)
    {
        var grid = GridOf(pixels);
        using var scope = NewDisposeScope();
        long images = pixels.shape[0];
        var patches = nn.functional.conv2d(pixels.to(patchKernel.dtype), patchKernel, strides: [Config.PatchSize, Config.PatchSize]).flatten(2).transpose(1, 2);
        var first = classToken.expand(images, 1, Config.HiddenSize);
        return before.Forward(cat([first, patches], 1).add_(PositionsOf(grid))).MoveToOuterDisposeScope();
    }

    /// <summary>The grid of patches of pictures.</summary>
    /// <param name="pixels"><c>[B, 3, height, width]</c>.</param>
    /// <exception cref="ArgumentException">The pictures are larger than the tower takes, or cut patches in two.</exception>
    internal TokenGrid GridOf(Tensor pixels)
    {
        bool fits = pixels.dim() == 4 && pixels.shape[1] == Config.Channels && pixels.shape[2..].All(side => side > 0 && side <= Config.ImageSize && side % Config.PatchSize == 0);
        return fits ? new TokenGrid((int)pixels.shape[2] / Config.PatchSize, (int)pixels.shape[3] / Config.PatchSize) : throw new ArgumentException(
            $"The tower takes pixels of [B, {Config.Channels}, {Config.ImageSize}, {Config.ImageSize}], or fewer patches of {Config.PatchSize}; they are [{string.Join(", ", pixels.shape)}].", nameof(pixels));
    }

    // Positions were learnt for the whole grid; a smaller one is spread over it.
    Tensor PositionsOf(TokenGrid grid)
    {
        int side = Config.GridSide;
        if (grid.Height == side && grid.Width == side) return positions;
        using var scope = NewDisposeScope();
        var table = positions.narrow(0, 1, side * side).to(ScalarType.Float32).t().view(1, Config.HiddenSize, side, side);
        var smaller = nn.functional.interpolate(table, [grid.Height, grid.Width], mode: InterpolationMode.Bicubic, align_corners: false);
        return cat([positions.narrow(0, 0, 1), smaller.flatten(2).squeeze(0).t().to(positions.dtype)]).MoveToOuterDisposeScope();
    }

    /// <summary>One block.</summary>
    /// <param name="index">Which, 0-based.</param>
    /// <param name="hidden"><c>[B, T, D]</c>, not changed.</param>
    /// <returns><c>[B, T, D]</c>.</returns>
    public Tensor Forward(int index, Tensor hidden)
    {
        using var attended = Attend(index, hidden);
        return Feed(index, attended);
    }

    /// <summary>The first half of a block: attention and what it is added to. Tokens may leave behind it.</summary>
    /// <param name="index">Which, 0-based.</param>
    /// <param name="hidden"><c>[B, T, D]</c>, not changed.</param>
    /// <param name="probe">Looks at its attention.</param>
    /// <param name="sizes">How many tokens each key stands for, float32 <c>[T]</c>: attention is proportional to it (Token Merging, arXiv 2210.09461, Eq. 1).</param>
    internal Tensor Attend(int index, Tensor hidden, AttentionProbe? probe = null, Tensor? sizes = null) => blocks[index].Attend(hidden, probe, sizes);

    /// <summary>The second half: the feed-forward part and what it is added to.</summary>
    internal Tensor Feed(int index, Tensor attended) => blocks[index].Feed(attended);

    /// <summary>The class token of the last block's output, normalised: CLIP's image feature before its projection, <c>[B, D]</c>.</summary>
    public Tensor Pool(Tensor hidden)
    {
        using var scope = NewDisposeScope();
        return after.Forward(hidden.select(1, 0)).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        classToken.Dispose();
        patchKernel.Dispose();
        positions.Dispose();
        before.Dispose();
        after.Dispose();
        foreach (var block in blocks) block.Dispose();
    }

    sealed class Block(VisionConfig config, IWeights weights, string prefix) : IDisposable
    {
        readonly LayerNorm attentionNorm = LayerNorm.Take(weights, prefix + "layer_norm1", config.HiddenSize, config.LayerNormEps);
        readonly Linear query = Square("q_proj", config, weights, prefix), key = Square("k_proj", config, weights, prefix);
        readonly Linear value = Square("v_proj", config, weights, prefix), output = Square("out_proj", config, weights, prefix);
        readonly LayerNorm mlpNorm = LayerNorm.Take(weights, prefix + "layer_norm2", config.HiddenSize, config.LayerNormEps);
        readonly Linear up = Linear.Take(weights, prefix + "mlp.fc1", config.HiddenSize, config.IntermediateSize, bias: true);
        readonly Linear down = Linear.Take(weights, prefix + "mlp.fc2", config.IntermediateSize, config.HiddenSize, bias: true);
        readonly Func<Tensor, Tensor> activation = Activations.Of(config.HiddenAct);

        static Linear Square(string name, VisionConfig config, IWeights weights, string prefix) =>
            Linear.Take(weights, prefix + "self_attn." + name, config.HiddenSize, config.HiddenSize, bias: true);

        public Tensor Attend(Tensor hidden, AttentionProbe? probe, Tensor? sizes)
        {
            using var scope = NewDisposeScope();
            var x = attentionNorm.Forward(hidden);
            var q = Attention.SplitHeads(query.Forward(x), config.Heads);
            var k = Attention.SplitHeads(key.Forward(x), config.Heads);
            var v = Attention.SplitHeads(value.Forward(x), config.Heads);
            probe?.Invoke(q, k, v);
            return output.Forward(Attention.Fused(q, k, v, sizes?.log().to(q.dtype).view(1, 1, 1, -1))).add_(hidden).MoveToOuterDisposeScope();
        }

        public Tensor Feed(Tensor attended)
        {
            using var scope = NewDisposeScope();
            return down.Forward(activation(up.Forward(mlpNorm.Forward(attended)))).add_(attended).MoveToOuterDisposeScope();
        }

        public void Dispose()
        {
            foreach (var linear in (Linear[])[query, key, value, output, up, down]) linear.Dispose();
            attentionNorm.Dispose();
            mlpNorm.Dispose();
        }
    }
}
