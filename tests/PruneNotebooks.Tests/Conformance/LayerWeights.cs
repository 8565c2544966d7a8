using PruneNotebooks.Models;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Conformance;

/// <summary>What a decoder layer makes of the hidden states that enter it, from the weights or states that a golden file gives.</summary>
static class LayerWeights
{
    /// <summary>Queries and keys at positions 0, 1, 2 ..., by head, <c>[H, T, d]</c>: from <c>hidden_states</c>, <c>norm_weight</c>, <c>q_weight</c> and <c>k_weight</c>.</summary>
    public static (Tensor Query, Tensor Key) Project(GoldenCase golden) => Project(golden, "q_weight", "k_weight", golden.Double("rms_eps"), golden.Int("head_dim"));

    /// <summary>The same from weights of other names.</summary>
    public static (Tensor Query, Tensor Key) Project(GoldenCase golden, string query, string key, double epsilon, int headSize)
    {
        var hidden = golden["hidden_states"];
        var normed = new RmsNorm(golden["norm_weight"], epsilon).Forward(hidden);
        using var rotary = new RotaryEmbedding(new RopeConfig { Type = "default", Theta = golden.Double("rope_theta"), OriginalMaxPositions = (int)hidden.shape[0] }, headSize);
        var rotation = rotary.At(arange(hidden.shape[0], ScalarType.Int64).unsqueeze(0), ScalarType.Float32);
        return (States(query), States(key));

        Tensor States(string weight) => rotation.Turn(normed.matmul(golden[weight].t()).view(1, hidden.shape[0], -1, headSize).transpose(1, 2)).squeeze(0);
    }

    /// <summary>The causal attention of some rows to the tokens of an image, <c>[H, rows, N]</c>; softmax over all keys that a row sees.</summary>
    public static Tensor CausalAttention(Tensor query, Tensor key, IEnumerable<long> rows, VisualSpan image)
    {
        var index = tensor([.. rows], ScalarType.Int64);
        return Attention.Weights(query.index_select(1, index), key, last: index).narrow(2, image.Start, image.Length);
    }
}
