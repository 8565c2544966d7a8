using static TorchSharp.torch;

namespace PruneNotebooks.Tokens;

/// <summary>What a pruner decided: the kept tokens, and what became of their features if tokens were merged.</summary>
/// <remarks>Indices and scores are plain arrays, so keeping a selection holds no native memory; only merged features are a tensor, freed with the selection.</remarks>
public sealed class TokenSelection : IDisposable
{
    readonly long[] kept, order;
    readonly float[]? scores, sizes;

    /// <summary>A validated selection whose tokens stay in their order.</summary>
    /// <param name="kept">Indices of the kept tokens among the N that arrived; put into ascending order.</param>
    /// <param name="tokens">N, how many tokens arrived.</param>
    /// <param name="scores">A score for each of the N tokens, as an overlay would paint it; optional.</param>
    /// <param name="features">Features that replace those of the kept tokens, <c>[K, D]</c> in ascending order of <paramref name="kept"/>; owned by the selection; optional.</param>
    /// <exception cref="ArgumentException">An index is out of range or occurs twice, or shapes disagree.</exception>
    public TokenSelection(IEnumerable<long> kept, int tokens, float[]? scores = null, Tensor? features = null)
        : this([.. kept.Order()], tokens, scores, features, sizes: null)
    {
    }

    TokenSelection(long[] order, int tokens, float[]? scores, Tensor? features, float[]? sizes)
    {
        this.order = order;
        kept = [.. order.Order()];
        for (int i = 0; i < kept.Length; i++)
        {
            if (kept[i] < 0 || kept[i] >= tokens)
                throw new ArgumentException($"Token {kept[i]} was kept, but only tokens 0 to {tokens - 1} arrived.", nameof(order));
            if (i > 0 && kept[i] == kept[i - 1])
                throw new ArgumentException($"Token {kept[i]} was kept twice.", nameof(order));
        }
        if (scores is not null && scores.Length != tokens)
            throw new ArgumentException($"{tokens} tokens arrived, but there are {scores.Length} scores.", nameof(scores));
        if (features is not null && (features.dim() != 2 || features.shape[0] != kept.Length))
            throw new ArgumentException($"{kept.Length} tokens were kept, but their merged features are {features.Shape()}.", nameof(features));
        if (sizes is not null && sizes.Length != kept.Length)
            throw new ArgumentException($"{kept.Length} tokens were kept, but there are {sizes.Length} sizes.", nameof(sizes));
        (Tokens, this.scores, this.sizes, Features) = (tokens, scores, sizes, features?.DetachFromDisposeScope());
    }

    /// <summary>A validated selection whose tokens go on in another order than they came in: for methods that put merged tokens behind the others, or rank what they hand on.</summary>
    /// <param name="order">Indices of the kept tokens, in the order in which they go on. A token that stands for no single place, such as a summary of all others, takes an <see cref="EmptySeats">empty seat</see>.</param>
    /// <param name="tokens">N, how many tokens arrived.</param>
    /// <param name="scores">A score for each of the N tokens; optional.</param>
    /// <param name="features">Features that replace those of the kept tokens, <c>[K, D]</c> in the order of <paramref name="order"/>; owned by the selection; optional.</param>
    /// <param name="sizes">How many tokens of the picture each of them stands for, in the same order: later layers of a vision tower then weigh their attention by it; optional.</param>
    /// <exception cref="ArgumentException">An index is out of range or occurs twice, or shapes disagree.</exception>
    public static TokenSelection InOrder(IEnumerable<long> order, int tokens, float[]? scores = null, Tensor? features = null, float[]? sizes = null) =>
        new([.. order], tokens, scores, features, sizes);

    /// <summary>The lowest indices that nobody has taken.</summary>
    /// <param name="taken">Indices that are taken.</param>
    /// <param name="tokens">N.</param>
    /// <param name="count">How many are needed.</param>
    /// <exception cref="ArgumentException">There are fewer.</exception>
    public static long[] EmptySeats(IEnumerable<long> taken, int tokens, int count)
    {
        var full = taken.ToHashSet();
        long[] seats = [.. Enumerable.Range(0, tokens).Select(i => (long)i).Where(i => !full.Contains(i)).Take(count)];
        return seats.Length == count ? seats : throw new ArgumentException($"{count} more tokens do not fit: of {tokens} places {full.Count} are taken.", nameof(count));
    }

    /// <summary>How many tokens arrived, N.</summary>
    public int Tokens { get; }

    /// <summary>Indices of the kept tokens, ascending.</summary>
    public IReadOnlyList<long> Kept => kept;

    /// <summary>The same in the order in which they go on; ascending unless the method says otherwise.</summary>
    public IReadOnlyList<long> Order => order;

    /// <summary>How many tokens stay, K.</summary>
    public int Count => kept.Length;

    /// <summary>One score for each of the N tokens, higher stays sooner; <see langword="null"/> if the method has none.</summary>
    public IReadOnlyList<float>? Scores => scores;

    /// <summary>How many tokens of the picture each kept token stands for, in the order of <see cref="Order"/>; <see langword="null"/> if the method does not count.</summary>
    public IReadOnlyList<float>? Sizes => sizes;

    /// <summary>Features that replace those of the kept tokens, <c>[K, D]</c> in the order of <see cref="Order"/>; <see langword="null"/> if the kept tokens are unchanged.</summary>
    public Tensor? Features { get; }

    /// <summary>Every token stays.</summary>
    public static TokenSelection All(int tokens) => new(Enumerable.Range(0, tokens).Select(i => (long)i), tokens);

    /// <summary>The kept indices in their <see cref="Order"/> as an int64 tensor <c>[K]</c>.</summary>
    public Tensor ToTensor(Device? device = null) => tensor(order, ScalarType.Int64, device);

    /// <summary>Frees the merged features, if there are any.</summary>
    public void Dispose() => Features?.Dispose();

    /// <inheritdoc/>
    public override string ToString() => $"{Count} of {Tokens} tokens";
}
