using PruneNotebooks.Primitives;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Parts;

public static partial class Choose
{
    /// <summary>The highest scores, and the last column of the grid on top of the budget: for pictures that end each row with a newline token (<i>LRS-VQA</i>, arXiv 2503.07588).</summary>
    public static Choice TopAndNewlines { get; } = new NewlineChoice();
}

/// <summary>Top-k, and every newline token.</summary>
public sealed record NewlineChoice : Choice
{
    /// <inheritdoc/>
    public override Chosen Pick(PruningContext context, Ranking ranking, int count)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(ranking);
        return new([.. ranking.Top(count).Union(RegionFocus.Newlines(context.Grid))]);
    }

    /// <inheritdoc/>
    public override string ToString() => "top-k and newlines";
}
