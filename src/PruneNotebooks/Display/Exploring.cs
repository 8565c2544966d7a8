using PruneNotebooks.Models;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Display;

/// <summary>The explorer, from whatever is at hand.</summary>
public static class Exploring
{
    /// <inheritdoc cref="Explorer.Of(Answer, int)"/>
    public static Explorer Explore(this Answer answer, int number = 0) => Explorer.Of(answer, number);

    /// <inheritdoc cref="Explorer.Of(PruningTrace, RgbImage?, int)"/>
    public static Explorer Explore(this PruningTrace trace, RgbImage? image = null, int number = 0) => Explorer.Of(trace, image, number);

    /// <inheritdoc cref="Explorer.Of(TokenSelection, TokenGrid, RgbImage?, Stage?)"/>
    public static Explorer Explore(this TokenSelection selection, TokenGrid grid, RgbImage? image = null, Stage? stage = null) => Explorer.Of(selection, grid, image, stage);
}
