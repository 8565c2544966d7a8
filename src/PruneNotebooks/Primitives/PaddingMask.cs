using System.Globalization;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Primitives;

/// <summary>Which tokens of a picture that was padded to a square show the picture, and which only padding.</summary>
/// <remarks>LLaVA-1.5 pads to a square before it resizes. Padding attracts attention and means nothing: <i>Attention Debiasing</i>, arXiv 2508.17807.</remarks>
public sealed record PaddingMask
{
    readonly bool[] real;

    PaddingMask(TokenGrid grid, Func<int, int, bool> real)
    {
        Grid = grid;
        this.real = [.. Enumerable.Range(0, grid.Count).Select(token => real(grid.Row(token), grid.Column(token)))];
    }

    /// <summary>The square grid.</summary>
    public TokenGrid Grid { get; }

    /// <summary>Whether each token shows the picture, row by row, <c>[N]</c>.</summary>
    public IReadOnlyList<bool> Real => real;

    /// <summary>How many tokens show the picture.</summary>
    public int Count => real.Count(isReal => isReal);

    /// <summary>Whether each of the tokens that have arrived at a stage shows the picture, <c>[N]</c>.</summary>
    /// <param name="context">The tokens; some may have left before.</param>
    /// <exception cref="ArgumentException">The mask is for another number of tokens.</exception>
    public bool[] Shown(PruningContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return Grid.Count == context.PlaceCount
            ? [.. Enumerable.Range(0, context.Tokens).Select(token => real[context.PlaceOf(token)])]
            : throw new ArgumentException($"The padding mask is for {Grid.Count} tokens, but the image has {context.PlaceCount}.", nameof(context));
    }

    /// <summary>By area: a token is padding if more than <paramref name="threshold"/> of its patch is.</summary>
    /// <param name="width">Width of the picture before padding, pixels.</param>
    /// <param name="height">Its height.</param>
    /// <param name="side">Rows and columns of tokens.</param>
    /// <param name="threshold">Share of a patch, 0 to below 1; published: 0.5, for PyramidDrop 0.01.</param>
    /// <param name="patch">Side of a patch, pixels.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is not positive, or the threshold is no such share.</exception>
    public static PaddingMask ByOverlap(int width, int height, int side, double threshold = 0.5, int patch = 14)
    {
        Check(width, height);
        ArgumentOutOfRangeException.ThrowIfLessThan(patch, 1);
        if (threshold is not (>= 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(threshold), threshold, $"The share of a patch that may be padding is 0 or more and below 1; it was {threshold.ToString(CultureInfo.InvariantCulture)}.");
        double pixels = (double)side * patch;
        double left = width < height ? (height - width) / (2.0 * height) * pixels : 0, top = height < width ? (width - height) / (2.0 * width) * pixels : 0;
        return new(TokenGrid.Square(side), (row, column) => 1 - Overlap(row, top) * Overlap(column, left) / ((double)patch * patch) <= threshold);

        double Overlap(int index, double margin) => Math.Max(0, Math.Min((index + 1.0) * patch, pixels - margin) - Math.Max((double)index * patch, margin));
    }

    /// <summary>By whole rows or columns, as LLaVA's code removes padding again; the baseline that the paper compares with.</summary>
    /// <inheritdoc cref="ByOverlap"/>
    public static PaddingMask ByRows(int width, int height, int side)
    {
        Check(width, height);
        bool wide = (double)width / height > 1;
        int length = wide ? (int)(height * ((double)side / width)) : (int)(width * ((double)side / height)), margin = (side - length) / 2;
        return new(TokenGrid.Square(side), (row, column) => (wide ? row : column) is var line && line >= margin && line < side - margin);
    }

    /// <summary>By whole patches of the padding that is left after the resize, as MMTok's code does (arXiv 2508.18264); margins may differ by a pixel.</summary>
    /// <param name="width">Width of the picture before padding, pixels.</param>
    /// <param name="height">Its height.</param>
    /// <param name="side">Rows and columns of tokens.</param>
    /// <param name="patch">Side of a patch, pixels.</param>
    /// <param name="includeOverlap">Whether patches of which only a part is padding count as padding.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is not positive.</exception>
    public static PaddingMask ByPatches(int width, int height, int side, int patch = 14, bool includeOverlap = false)
    {
        Check(width, height);
        ArgumentOutOfRangeException.ThrowIfLessThan(patch, 1);
        int pixels = side * patch, shown = (int)Math.Round(Math.Min(width, height) * ((double)pixels / Math.Max(width, height)));
        int before = (pixels - shown) / 2, after = pixels - shown - before;
        var (first, last) = (Patches(before), side - Patches(after));
        return new(TokenGrid.Square(side), (row, column) => (width > height ? row : column) is var line && line >= first && line < last);

        int Patches(int margin) => includeOverlap ? (margin + patch - 1) / patch : margin / patch;
    }

    /// <inheritdoc/>
    public bool Equals(PaddingMask? other) => other is not null && Grid == other.Grid && real.AsSpan().SequenceEqual(other.real);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Grid, Count);

    /// <inheritdoc/>
    public override string ToString() => $"{Count} of {Grid.Count} tokens show the picture";

    static void Check(int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
    }
}
