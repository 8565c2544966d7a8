using PruneNotebooks.Primitives;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Pruners;

/// <summary>Control: tokens chosen at random. Whatever a method gains, it must gain over this.</summary>
/// <remarks>
/// The seed, the number of tokens and the image's place in the prompt decide, not the picture: the same on every device and in every run, and for one seed a smaller budget
/// keeps a subset of a larger one. The images of one prompt draw independently; for independent draws in several prompts give each its own seed.
/// </remarks>
public sealed record RandomTokens : ITokenPruner
{
    /// <summary>The same seed gives the same tokens.</summary>
    public long Seed { get; init; }

    /// <inheritdoc/>
    public Signals Needs => Signals.None;

    /// <inheritdoc/>
    public TokenSelection Select(PruningContext context, TokenBudget budget)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(budget);
        int keep = budget.Resolve(context.Tokens);
        long seed = unchecked(Seed + context.Image * 0x5851F42D4C957F2D);
        return new TokenSelection(SeededOrder.Of(context.Tokens, seed).Take(keep), context.Tokens);
    }
}
