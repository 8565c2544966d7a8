namespace PruneNotebooks.Models;

/// <summary>Floating-point operations of the matrix products, from a configuration alone. A multiplication and an addition count as two.</summary>
/// <remarks>
/// Attention counts the full square of query-key pairs, as papers do, also where a causal kernel skips half of it. Norms, activations
/// and softmax are left out. Papers use several other forms (see <c>Metrics.PublishedFlops</c>): never compare across them.
/// </remarks>
public static class ModelCost
{
    /// <summary>One decoder layer: <c>2n(2 d dq + 2 d dkv) + 4 n s dq + 6 n d m</c>.</summary>
    /// <param name="config">The decoder's shape.</param>
    /// <param name="tokens">New tokens, n.</param>
    /// <param name="keys">Tokens that are looked at, s; in the prefill, n.</param>
    public static double DecoderLayer(TextConfig config, long tokens, long keys)
    {
        ArgumentNullException.ThrowIfNull(config);
        double n = tokens, d = config.HiddenSize, dq = config.Heads * (double)config.HeadSize, dkv = config.KeyValueHeads * (double)config.HeadSize;
        return 2 * n * (2 * d * dq + 2 * d * dkv) + 4 * n * keys * dq + 6 * n * d * config.IntermediateSize;
    }

    /// <summary>The output head for some tokens.</summary>
    public static double Head(TextConfig config, long tokens)
    {
        ArgumentNullException.ThrowIfNull(config);
        return 2.0 * tokens * config.HiddenSize * config.VocabularySize;
    }

    /// <summary>One block of the vision tower over n tokens: <c>8 n d^2 + 4 n^2 d + 4 n d m</c>.</summary>
    public static double VisionBlock(VisionConfig config, long tokens)
    {
        ArgumentNullException.ThrowIfNull(config);
        double n = tokens, d = config.HiddenSize;
        return 8 * n * d * d + 4 * n * n * d + 4 * n * d * config.IntermediateSize;
    }

    /// <summary>The tower's patch embedding.</summary>
    public static double PatchEmbedding(VisionConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        return 2.0 * config.Patches * config.Channels * config.PatchSize * config.PatchSize * config.HiddenSize;
    }

    /// <summary>The projector over n tokens.</summary>
    public static double Projector(LlavaConfig config, long tokens)
    {
        ArgumentNullException.ThrowIfNull(config);
        return 2.0 * tokens * config.Text.HiddenSize * ((double)config.Vision.HiddenSize * config.FeatureLayers.Count + config.Text.HiddenSize);
    }

    /// <summary>Bytes of KV cache that one token takes in one decoder layer: <c>2 dkv * bytes</c>.</summary>
    public static long KvBytesPerToken(TextConfig config, int bytesPerNumber)
    {
        ArgumentNullException.ThrowIfNull(config);
        return 2L * config.KeyValueHeads * config.HeadSize * bytesPerNumber;
    }
}
