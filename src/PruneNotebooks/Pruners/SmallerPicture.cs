using PruneNotebooks.Tokens;

namespace PruneNotebooks.Pruners;

/// <summary>Control: the picture itself made smaller, so that the tower makes fewer tokens of it. No token is chosen; what a method gains over this is what choosing is worth.</summary>
/// <remarks>
/// Published comparisons found that it beats many methods. The fitted picture is resized to whole patches, the tower's position embeddings are interpolated (bicubic), and the decoder
/// reads a shorter prompt. The grid is the one whose tokens come nearest to the budget from below while its shape stays that of the picture.
/// <para>Cost: less than nothing, for the tower sees fewer patches.</para>
/// </remarks>
public sealed record SmallerPicture : IPictureScaling
{
    /// <inheritdoc/>
    public Signals Needs => Signals.None;

    /// <inheritdoc/>
    public TokenGrid Grid(TokenGrid whole, TokenBudget budget)
    {
        ArgumentNullException.ThrowIfNull(budget);
        int most = budget.Resolve(whole.Count);
        return (from height in Enumerable.Range(1, whole.Height)
                from width in Enumerable.Range(1, whole.Width)
                where height * width <= most
                let stretched = Math.Abs(Math.Log((double)height / whole.Height * whole.Width / width))
                // Half a stretch is worth as much as half of the tokens.
                orderby height * width * Math.Exp(-stretched / 2) descending, height
                select new TokenGrid(height, width)).First();
    }

    /// <summary>There are no tokens to choose from.</summary>
    /// <exception cref="NotSupportedException">Always.</exception>
    public TokenSelection Select(PruningContext context, TokenBudget budget) =>
        throw new NotSupportedException("SmallerPicture prunes no tokens, it makes the picture smaller: use it in a plan at Stage.Picture.");

    /// <inheritdoc/>
    public override string ToString() => nameof(SmallerPicture);
}
