using static TorchSharp.torch;

namespace PruneNotebooks.Tokens;

/// <summary>What a pruner decided: the kept tokens, and what became of their features if tokens were merged.</summary>
/// <remarks>Indices and scores are plain arrays, so keeping a selection holds no native memory; only merged features are a tensor, freed with the selection.</remarks>
public sealed class TokenSelection : IDisposable
{
    readonly long[] kept;
    readonly float[]? scores;

    /// <summary>A validated selection.</summary>
    /// <param name="kept">Indices of the kept tokens among the N that arrived; put into ascending order.</param>
    /// <param name="tokens">N, how many tokens arrived.</param>
    /// <param name="scores">A score for each of the N tokens, as an overlay would paint it; optional.</param>
    /// <param name="features">Features that replace those of the kept tokens, <c>[K, D]</c> in ascending order of <paramref name="kept"/>; owned by the selection; optional.</param>
    /// <exception cref="ArgumentException">An index is out of range or occurs twice, or shapes disagree.</exception>
    public TokenSelection(IEnumerable<long> kept, int tokens, float[]? scores = null, Tensor? features = null)
    {
        this.kept = [.. kept];
        Array.Sort(this.kept);
        for (int i = 0; i < this.kept.Length; i++)
        {
            if (this.kept[i] < 0 || this.kept[i] >= tokens)
                throw new ArgumentException($"Token {this.kept[i]} was kept, but only tokens 0 to {tokens - 1} arrived.", nameof(kept));
            if (i > 0 && this.kept[i] == this.kept[i - 1])
                throw new ArgumentException($"Token {this.kept[i]} was kept twice.", nameof(kept));
        }
        if (scores is not null && scores.Length != tokens)
            throw new ArgumentException($"{tokens} tokens arrived, but there are {scores.Length} scores.", nameof(scores));
        if (features is not null && (features.dim() != 2 || features.shape[0] != this.kept.Length))
            throw new ArgumentException($"{this.kept.Length} tokens were kept, but their merged features are {features.Shape()}.", nameof(features));
        (Tokens, this.scores, Features) = (tokens, scores, features?.DetachFromDisposeScope());
    }

    /// <summary>How many tokens arrived, N.</summary>
    public int Tokens { get; }

    /// <summary>Indices of the kept tokens, ascending.</summary>
    public IReadOnlyList<long> Kept => kept;

    /// <summary>How many tokens stay, K.</summary>
    public int Count => kept.Length;

    /// <summary>One score for each of the N tokens, higher stays sooner; <see langword="null"/> if the method has none.</summary>
    public IReadOnlyList<float>? Scores => scores;

    /// <summary>Features that replace those of the kept tokens, <c>[K, D]</c>; <see langword="null"/> if the kept tokens are unchanged.</summary>
    public Tensor? Features { get; }

    /// <summary>Every token stays.</summary>
    public static TokenSelection All(int tokens) => new(Enumerable.Range(0, tokens).Select(i => (long)i), tokens);

    /// <summary>The kept indices as an int64 tensor <c>[K]</c>.</summary>
    public Tensor ToTensor(Device? device = null) => tensor(kept, ScalarType.Int64, device);

    /// <summary>Frees the merged features, if there are any.</summary>
    public void Dispose() => Features?.Dispose();

    /// <inheritdoc/>
    public override string ToString() => $"{Count} of {Tokens} tokens";
}
