using PruneNotebooks.Primitives;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Parts;

public static partial class Choose
{
    /// <summary>A key set that never leaves, and of the others those of the highest scores.</summary>
    /// <param name="size">How many tokens the class token's attention makes the key set; <see langword="null"/> if a step before has named it.</param>
    /// <param name="byThreshold">Whether all tokens stay that score 1 or more, however many they are, rather than as many as the budget says.</param>
    /// <param name="layer">The tower's layer whose class token is asked; by default the last.</param>
    public static Choice WithKeySet(TokenBudget? size, bool byThreshold = false, Layer? layer = null) => new KeySetChoice(size, byThreshold, new Signal.VisionAttention(layer ?? Layer.Last));
}

/// <summary>A key set, then the highest scores. Key tokens go on with one score above all others, by which the next step knows them.</summary>
/// <param name="Size">How many tokens are the key set; <see langword="null"/> if a step before has named it.</param>
/// <param name="ByThreshold">Whether all tokens stay that score 1 or more.</param>
/// <param name="Attention">The attention that makes the key set.</param>
public sealed record KeySetChoice(TokenBudget? Size, bool ByThreshold, Signal.Attention Attention) : Choice
{
    /// <inheritdoc/>
    public override Signals Needs => Size is null ? new Signal.EarlierScores() : Attention;

    /// <inheritdoc/>
    public override Chosen Pick(PruningContext context, Ranking ranking, int count)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(ranking);
        var key = KeySet(context);
        float[] scores = ranking.Scores;
        long[] others = [.. ranking.Order.Where(token => !key.Contains(token))];
        long[] chosen = ByThreshold ? [.. key, .. others.TakeWhile(token => scores[token] >= 1)] : [.. ranking.Order.Where(key.Contains).Concat(others).Take(count)];
        float highest = scores.Max() + 1;
        foreach (long token in key) scores[token] = highest;
        return new(chosen, scores);
    }

    HashSet<long> KeySet(PruningContext context)
    {
        if (Size is not null) return [.. Ranking.ByAttention(context[Attention]).Top(Size.Resolve(context.Tokens))];
        using var scope = NewDisposeScope();
        float[] earlier = Ranking.Of(context[new Signal.EarlierScores()]).Scores;
        float highest = earlier.Max();
        return [.. Enumerable.Range(0, earlier.Length).Where(token => earlier[token] == highest).Select(token => (long)token)];
    }

    /// <inheritdoc/>
    public override string ToString() => $"a key set of {(Size is null ? "before" : Size)} and {(ByThreshold ? "all above the threshold" : "top-k")}";
}
