using PruneNotebooks.Primitives;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Parts;

public static partial class Choose
{
    /// <summary>Tokens spread evenly over the whole token grid, whatever their scores.</summary>
    public static Choice UniformGrid { get; } = new UniformGridChoice();
}

/// <summary>Rows and columns with cells as near to squares as possible (<see cref="GridSpread"/>).</summary>
public sealed record UniformGridChoice : Choice
{
    /// <inheritdoc/>
    public override Chosen Pick(PruningContext context, Ranking ranking, int count) => new(GridSpread.Choose((context ?? throw new ArgumentNullException(nameof(context))).Grid, count));

    /// <inheritdoc/>
    public override string ToString() => "even spread over the grid";
}
