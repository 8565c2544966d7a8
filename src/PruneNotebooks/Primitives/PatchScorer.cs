using PruneNotebooks.Runtime;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace PruneNotebooks.Primitives;

/// <summary>How the similarities of a visual token to the tokens of a text become one number.</summary>
public enum TextPooling
{
    /// <summary>Their mean.</summary>
    Mean,

    /// <summary>The largest.</summary>
    Max,
}

/// <summary>A trained scorer of visual tokens: how well each fits an instruction (FocusUI, arXiv 2601.03928).</summary>
/// <remarks>
/// Both sides pass through attention and a feed-forward part of their own, <c>MLP(LayerNorm(x + MHA(x, x, x)))</c> without a residual around the MLP (GELU with erf), then
/// <c>l2norm(tanh(.))</c>; the score pools the products over the text. In float32. The tensors belong to the caller.
/// </remarks>
public sealed class PatchScorer
{
    readonly Enhancer vision, text;

    /// <summary>A scorer from its weights.</summary>
    /// <param name="weights">
    /// By the names of a checkpoint, once with <c>vision_enhancer.</c> and once with <c>text_enhancer.</c> in front: <c>attn.in_proj_weight</c> <c>[3D, D]</c> (query, key, value), <c>attn.in_proj_bias</c>,
    /// <c>attn.out_proj.weight</c>, <c>attn.out_proj.bias</c>, <c>layer_norm.weight</c>, <c>layer_norm.bias</c>, <c>mlp.0.weight</c>, <c>mlp.0.bias</c>, <c>mlp.2.weight</c>, <c>mlp.2.bias</c>.
    /// </param>
    /// <param name="heads">Attention heads, a divisor of D.</param>
    /// <param name="epsilon">Of the layer norm.</param>
    /// <exception cref="ArgumentException">A weight is missing or the heads do not divide D; the message says which.</exception>
    public PatchScorer(IReadOnlyDictionary<string, Tensor> weights, int heads = 8, double epsilon = 1e-5)
    {
        ArgumentNullException.ThrowIfNull(weights);
        (vision, text) = (new(weights, "vision_enhancer.", heads, epsilon), new(weights, "text_enhancer.", heads, epsilon));
    }

    /// <summary>The score of each visual token.</summary>
    /// <param name="tokens">Projected visual tokens, float <c>[N, D]</c>, finite.</param>
    /// <param name="instruction">Embeddings of the instruction's tokens, float <c>[T, D]</c>, one or more.</param>
    /// <param name="pooling">Over the text.</param>
    /// <returns>Float32 <c>[N]</c>, between -1 and 1.</returns>
    /// <exception cref="ArgumentException">Other shapes, or a token is not finite; the message names it.</exception>
    public Tensor Scores(Tensor tokens, Tensor instruction, TextPooling pooling = TextPooling.Mean)
    {
        TextSimilarity.CheckShapes(tokens, instruction);
        FiniteTokens.Check(tokens, 0, nameof(tokens));
        using var scope = NewDisposeScope();
        return TextSimilarity.Pooled(vision.Directions(tokens), text.Directions(instruction), pooling).MoveToOuterDisposeScope();
    }

    /// <summary>What training minimises for one picture: the divergence <c>KL(softmax(labels) || softmax(scores))</c>, summed over its tokens.</summary>
    /// <param name="scores">Float <c>[N]</c>; gradients pass.</param>
    /// <param name="labels">Float <c>[N]</c> (<see cref="GroundingLabels"/>).</param>
    /// <returns>A scalar tensor.</returns>
    public static Tensor Loss(Tensor scores, Tensor labels)
    {
        ArgumentNullException.ThrowIfNull(scores);
        ArgumentNullException.ThrowIfNull(labels);
        if (scores.dim() != 1 || !scores.shape.SequenceEqual(labels.shape)) throw new ArgumentException($"Scores and labels are [N]; they are {scores.Shape()} and {labels.Shape()}.", nameof(labels));
        using var scope = NewDisposeScope();
        var target = labels.to_type(ScalarType.Float32).softmax(0).clamp_min(1e-12.ToCachedScalar());
        return target.mul(target.log().sub(scores.to_type(ScalarType.Float32).log_softmax(0))).sum().MoveToOuterDisposeScope();
    }

    sealed class Enhancer
    {
        readonly Tensor inWeight, inBias, outWeight, outBias, normWeight, normBias, upWeight, upBias, downWeight, downBias;
        readonly int heads;
        readonly double epsilon;

        public Enhancer(IReadOnlyDictionary<string, Tensor> weights, string prefix, int heads, double epsilon)
        {
            (this.heads, this.epsilon) = (heads, epsilon);
            (inWeight, inBias, outWeight, outBias) = (Take("attn.in_proj_weight"), Take("attn.in_proj_bias"), Take("attn.out_proj.weight"), Take("attn.out_proj.bias"));
            (normWeight, normBias) = (Take("layer_norm.weight"), Take("layer_norm.bias"));
            (upWeight, upBias, downWeight, downBias) = (Take("mlp.0.weight"), Take("mlp.0.bias"), Take("mlp.2.weight"), Take("mlp.2.bias"));
            if (heads < 1 || outWeight.shape[0] % heads != 0) throw new ArgumentOutOfRangeException(nameof(heads), heads, $"The number of heads divides the width of {outWeight.shape[0]}.");

            Tensor Take(string name) => weights.TryGetValue(prefix + name, out var weight) ? weight : throw new ArgumentException($"The scorer's weights have no '{prefix}{name}'.", nameof(weights));
        }

        public Tensor Directions(Tensor input)
        {
            var x = input.to_type(ScalarType.Float32);
            long width = x.shape[1];
            // [3, H, rows, D / H]
            var qkv = functional.linear(x, inWeight, inBias).view(x.shape[0], 3, heads, width / heads).permute(1, 2, 0, 3);
            var seen = functional.scaled_dot_product_attention(qkv[0].unsqueeze(0), qkv[1].unsqueeze(0), qkv[2].unsqueeze(0));
            var attended = functional.linear(seen.squeeze(0).transpose(0, 1).reshape(x.shape[0], width), outWeight, outBias);
            var normed = functional.layer_norm(x.add(attended), [width], normWeight, normBias, epsilon);
            var enhanced = functional.linear(functional.gelu(functional.linear(normed, upWeight, upBias)), downWeight, downBias);
            return UnitRows.Of(enhanced.tanh());
        }
    }
}
