using PruneNotebooks.Runtime;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Primitives;

/// <summary>The grid cut into windows that do not overlap; windows of neighbours that are alike become one token each, their mean.</summary>
/// <remarks><i>MustDrop</i>, arXiv 2411.10803, as in the authors' code. Rows and columns that fill no window stay as they are.</remarks>
public sealed class WindowMerging
{
    readonly long[][] windows;

    /// <summary>Cuts a grid.</summary>
    /// <param name="grid">The grid.</param>
    /// <param name="height">Rows of a window.</param>
    /// <param name="width">Columns of a window; a window has two tokens or more.</param>
    public WindowMerging(TokenGrid grid, int height, int width)
    {
        if (height < 1 || width < 1 || height * width < 2) throw new ArgumentOutOfRangeException(nameof(height), $"{height} x {width}", $"A window of {height} x {width} has nothing to merge: it needs two tokens or more.");
        (Grid, Size) = (grid, height * width);
        windows = [.. from row in Enumerable.Range(0, grid.Height / height)
                      from column in Enumerable.Range(0, grid.Width / width)
                      select (from y in Enumerable.Range(0, height) from x in Enumerable.Range(0, width) select (long)(row * height + y) * grid.Width + column * width + x).ToArray()];
    }

    /// <summary>The grid.</summary>
    public TokenGrid Grid { get; }

    /// <summary>Tokens of a window, m.</summary>
    public int Size { get; }

    /// <summary>How many windows there are, G.</summary>
    public int Count => windows.Length;

    /// <summary>How alike the tokens of each window are: mean cosine similarity of its pairs, from the sum of its directions. O(N D).</summary>
    /// <param name="features">Tokens, float <c>[N, D]</c>.</param>
    /// <returns>Float32 <c>[G]</c>, by window in raster order.</returns>
    /// <exception cref="ArgumentException">Shapes disagree, or a token is not finite; the message names it.</exception>
    public Tensor Likeness(Tensor features)
    {
        Check(features);
        using var scope = NewDisposeScope();
        var x = Rows(features, windows.SelectMany(window => window)).to_type(ScalarType.Float32);
        var unit = x.div(linalg.vector_norm(x, dims: [1], keepdim: true).clamp_min_(1e-8.ToCachedScalar())).view(Count, Size, features.shape[1]);
        var (all, own) = (unit.sum(1), unit.mul(unit).sum([1, 2]));
        return all.mul(all).sum(1).sub_(own).div_((Size * (Size - 1)).ToCachedScalar()).MoveToOuterDisposeScope();
    }

    /// <summary>Merges windows.</summary>
    /// <param name="features">Tokens, float <c>[N, D]</c>; not changed.</param>
    /// <param name="merged">Which windows, in the order in which their tokens come.</param>
    /// <returns>
    /// Merged windows first, then the other tokens in raster order, <c>[N', D]</c>; and by row a token at whose place it may stand, of a window the middle one.
    /// </returns>
    /// <exception cref="ArgumentException">Shapes disagree, or a token is not finite; the message names it.</exception>
    public (Tensor Features, long[] Order) Merge(Tensor features, IReadOnlyList<long> merged)
    {
        ArgumentNullException.ThrowIfNull(merged);
        Check(features);
        using var scope = NewDisposeScope();
        long[] members = [.. merged.SelectMany(window => windows[window])], others = Untouched(merged);
        var means = Rows(features, members).view(merged.Count, Size, features.shape[1]).mean([1], type: ScalarType.Float32).to_type(features.dtype);
        return (cat([means, Rows(features, others)]).MoveToOuterDisposeScope(), [.. merged.Select(window => windows[window][Size / 2]), .. others]);
    }

    /// <summary>The tokens that are in none of the merged windows, ascending.</summary>
    public long[] Untouched(IReadOnlyList<long> merged) => [.. Enumerable.Range(0, Grid.Count).Select(i => (long)i).Except(merged.SelectMany(window => windows[window]))];

    /// <summary>How many windows to merge so that about a number of tokens is left: never fewer, and at most <c>m - 2</c> more unless there are too few windows.</summary>
    public int WindowsFor(int keep) => Math.Clamp((Grid.Count - keep) / (Size - 1), 0, Count);

    void Check(Tensor features)
    {
        ArgumentNullException.ThrowIfNull(features);
        if (features.dim() != 2 || features.shape[0] != Grid.Count) throw new ArgumentException($"A grid of {Grid} has {Grid.Count} tokens, but features are {features.Shape()}.", nameof(features));
        FiniteTokens.Check(features, 0, nameof(features));
    }

    static Tensor Rows(Tensor features, IEnumerable<long> rows) => features.index_select(0, tensor([.. rows], ScalarType.Int64, features.device));
}
