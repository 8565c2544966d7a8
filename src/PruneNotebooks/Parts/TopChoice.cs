using PruneNotebooks.Primitives;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Parts;

public static partial class Choose
{
    /// <summary>The tokens of the highest scores; equal ones in the order of the tokens.</summary>
    public static Choice Top { get; } = new TopChoice();
}

/// <summary>Top-k.</summary>
public sealed record TopChoice : Choice
{
    /// <inheritdoc/>
    public override Chosen Pick(PruningContext context, Ranking ranking, int count) => new(ranking?.Top(count) ?? throw new ArgumentNullException(nameof(ranking)));

    /// <inheritdoc/>
    public override string ToString() => "top-k";
}
