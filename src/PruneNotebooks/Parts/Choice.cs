using PruneNotebooks.Primitives;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Parts;

/// <summary>Which tokens stay, given a score of each: the second part of a method. <see cref="Choose"/> makes them.</summary>
public abstract record Choice
{
    /// <summary>What it looks at besides the scores.</summary>
    public virtual Signals Needs => Signals.None;

    /// <summary>Chooses tokens.</summary>
    /// <param name="context">The signals of one image at one stage.</param>
    /// <param name="ranking">The scores of all N tokens.</param>
    /// <param name="count">How many to choose, 1 to N.</param>
    public abstract Chosen Pick(PruningContext context, Ranking ranking, int count);
}

/// <summary>What a choice chose.</summary>
/// <param name="Order">The chosen tokens in the order in which they were chosen.</param>
/// <param name="Scores">A number for each of the N tokens that says more about the choice than the score it was given, such as distances; or none.</param>
public sealed record Chosen(IReadOnlyList<long> Order, float[]? Scores = null)
{
    /// <summary>The numbers that an overlay paints: the choice's own, else those of the score.</summary>
    public float[] Painted(Ranking ranking) => Scores ?? (ranking ?? throw new ArgumentNullException(nameof(ranking))).Scores;

    /// <summary>The tokens that were not chosen, ascending.</summary>
    /// <param name="tokens">N.</param>
    public long[] Others(int tokens) => TokenSelection.EmptySeats(Order, tokens, tokens - Order.Count);
}

/// <summary>All ways to choose.</summary>
public static partial class Choose
{
}
