namespace PruneNotebooks.Models.Shapes;

/// <summary>The size of one transformer block: attention, then a feed-forward part.</summary>
/// <param name="Width">Width of a hidden state, d.</param>
/// <param name="Heads">Query heads.</param>
/// <param name="KeyValueHeads">Heads of keys and values; fewer than <paramref name="Heads"/> with grouped queries.</param>
/// <param name="HeadSize">Width of one head.</param>
/// <param name="FeedForward">Width inside the feed-forward part, m.</param>
/// <param name="Gated">Whether that part has three matrices (gate, up, down) or two.</param>
public sealed record BlockShape(int Width, int Heads, int KeyValueHeads, int HeadSize, int FeedForward, bool Gated)
{
    /// <summary>Weights that are in no matrix: norms, biases, layer scales.</summary>
    public long Vectors { get; init; }

    /// <summary>Width of all queries together.</summary>
    public long QueryWidth => (long)Heads * HeadSize;

    /// <summary>Width of all keys together, which is that of all values.</summary>
    public long KeyValueWidth => (long)KeyValueHeads * HeadSize;

    /// <summary>All weights.</summary>
    public long Parameters => Matrices + Vectors;

    long Matrices => Width * (2 * QueryWidth + 2 * KeyValueWidth) + (Gated ? 3L : 2L) * Width * FeedForward;

    /// <summary>Operations of one pass: <c>2n(2 d dq + 2 d dkv + (2 or 3) d m) + 4 n s dq</c>.</summary>
    /// <remarks>Attention counts all pairs of a query and a key, as papers do, also where a causal kernel skips half of them.</remarks>
    /// <param name="tokens">Tokens that pass, n.</param>
    /// <param name="keys">Tokens that each of them looks at, s; in a prefill, n. May be a mean.</param>
    public double Flops(double tokens, double keys) => 2 * tokens * Matrices + 4 * tokens * keys * QueryWidth;

    /// <summary>Bytes of KV cache that one token takes: <c>2 dkv</c> numbers.</summary>
    public long KvBytes(int bytesPerNumber) => 2 * KeyValueWidth * bytesPerNumber;

    /// <summary>Bytes of one pass without a cache: the weights, and the tokens as they come in and go out.</summary>
    public double PassBytes(double tokens, int bytesPerNumber) => bytesPerNumber * (Parameters + 2 * tokens * Width);
}
