using PruneNotebooks.Primitives;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Pruners;

/// <summary>Merges windows of neighbours that are alike, inside the vision tower or behind it: the first stage of <see cref="MustDrop"/>.</summary>
/// <remarks>Merged windows go first, the most alike before the others, then all other tokens: the order of the raster is not kept. Later layers do not weigh a window by its size. Cost: O(N D).</remarks>
/// <param name="Height">Rows of a window.</param>
/// <param name="Width">Columns of a window.</param>
public sealed record MergedWindows(int Height, int Width) : IJointPruner
{
    /// <summary>Windows whose mean cosine similarity is at least this are merged, and the budget is not looked at; <see langword="null"/> to merge as many as the budget allows: at most <c>Height * Width - 2</c> tokens more than it says are left.</summary>
    public double? Threshold { get; init; }

    /// <inheritdoc/>
    public Signals Needs => Signals.Features;

    /// <inheritdoc/>
    public TokenSelection Select(PruningContext context, TokenBudget budget) => SelectJointly([context], budget)[0];

    /// <inheritdoc/>
    /// <remarks>Of several pictures each merges as many windows as the one with the fewest that are alike, as crops do in the authors' code.</remarks>
    public IReadOnlyList<TokenSelection> SelectJointly(IReadOnlyList<PruningContext> images, TokenBudget budget)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(budget);
        using var scope = NewDisposeScope();
        var windows = images.Select(image => new WindowMerging(image.Grid, Height, Width)).ToArray();
        var likeness = images.Zip(windows, (image, window) => Ranking.Of(window.Likeness(image.Features))).ToArray();
        int[] counts = [.. likeness.Select((ranking, i) => Threshold is { } threshold ? ranking.Scores.Count(score => score >= (float)threshold) : windows[i].WindowsFor(budget.Resolve(images[i].Tokens)))];
        int least = counts.Min();
        return [.. images.Select((image, i) => Merge(image, windows[i], likeness[i].Top(least)))];
    }

    static TokenSelection Merge(PruningContext image, WindowMerging windows, long[] merged)
    {
        if (merged.Length == 0) return TokenSelection.All(image.Tokens);
        var (features, order) = windows.Merge(image.Features, merged);
        return TokenSelection.InOrder(order, image.Tokens, features: features);
    }

    /// <inheritdoc/>
    public override string ToString() => $"merged windows of {Height} x {Width}";
}
