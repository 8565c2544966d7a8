using System.Globalization;
using PruneNotebooks.Runtime;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Primitives;

/// <summary>Where a question looks in a large picture: attention to the tokens of its tiles, which of them stay, and which tiles of the next level of an <see cref="ImagePyramid"/> they point to.</summary>
/// <remarks>
/// <i>When Large Vision-Language Model Meets Large Remote Sensing Imagery: Coarse-to-Fine Text-Guided Token Pruning</i>, arXiv 2503.07588, ICCV 2025. All tiles of a level are one map, at the end of
/// each row of which stands a newline token: a grid here is <c>[h, W]</c> with the newline column counted in W.
/// </remarks>
public static class RegionFocus
{
    /// <summary>The share of attention that each local token has among the local tokens, mean over heads: what a softmax over these alone would give.</summary>
    /// <param name="attention">Attention of one token of the prompt, softmax over all that it sees, float <c>[H, N]</c>, the N local tokens.</param>
    /// <returns>Float32 <c>[N]</c>; sums to 1, or to less if a head sees none of them.</returns>
    /// <exception cref="ArgumentException">Other dimensions, or not finite; the message names the token.</exception>
    public static Tensor Shares(Tensor attention)
    {
        ArgumentNullException.ThrowIfNull(attention);
        if (attention.dim() != 2 || attention.NumberOfElements == 0) throw new ArgumentException($"Attention to local tokens is [H, N]; it is {attention.Shape()}.", nameof(attention));
        using var scope = NewDisposeScope();
        var weights = attention.to_type(ScalarType.Float32);
        var sums = weights.sum(1, keepdim: true);
        if (!sums.isfinite().all().item<bool>()) FiniteTokens.Check(attention, 1, nameof(attention));
        return weights.div(sums.clamp_min_(1.2e-38.ToCachedScalar())).mean([0]).MoveToOuterDisposeScope();
    }

    /// <summary>The tokens of the highest scores, and every newline. The published way.</summary>
    /// <param name="scores">Float <c>[N]</c>, newlines included.</param>
    /// <param name="grid">The map, newline column included.</param>
    /// <param name="share">How many of the valid tokens: <c>trunc(valid * share)</c>; newlines compete for these places, too.</param>
    /// <param name="valid">Which places of the map are filled, <c>[N]</c>; all if not given.</param>
    /// <param name="newlines">Whether the last column stays whatever it scores and whether or not it is valid.</param>
    /// <returns>Ascending.</returns>
    /// <exception cref="ArgumentException">Lengths disagree, or a score is not finite.</exception>
    public static long[] TopShare(Tensor scores, TokenGrid grid, double share, IReadOnlyList<bool>? valid = null, bool newlines = true)
    {
        if (share is not (>= 0 and <= 1)) throw new ArgumentOutOfRangeException(nameof(share), share, string.Create(CultureInfo.InvariantCulture, $"A share is 0 to 1; it was {share}."));
        var ranking = Ranking.Of(scores);
        if (ranking.Count != grid.Count) throw new ArgumentException($"A map of {grid} has {grid.Count} tokens; there are {ranking.Count} scores.", nameof(scores));
        CheckValid(valid, ranking.Count);
        int count = Rounding.Down.Apply((valid?.Count(isValid => isValid) ?? ranking.Count) * share);
        var top = ranking.Order.Where(token => valid?[(int)token] ?? true).Take(count);
        return [.. (newlines ? top.Union(Newlines(grid)) : top).Order()];
    }

    /// <summary>The valid tokens above a threshold between the 5 % and the 95 % quantile of the valid scores, in float32. The other way of the authors' code.</summary>
    /// <param name="scores">Float <c>[N]</c>.</param>
    /// <param name="threshold">Of the scores, scaled so that the low quantile is 0 and the high one 1; strictly above.</param>
    /// <param name="valid">Which tokens compete, <c>[N]</c>; all if not given.</param>
    /// <param name="low">The low quantile.</param>
    /// <param name="high">The high quantile.</param>
    /// <returns>Ascending; none if all scores are equal.</returns>
    /// <exception cref="ArgumentException">Lengths disagree.</exception>
    public static long[] AboveThreshold(Tensor scores, double threshold, IReadOnlyList<bool>? valid = null, double low = 0.05, double high = 0.95)
    {
        ArgumentNullException.ThrowIfNull(scores);
        if (scores.dim() != 1) throw new ArgumentException($"Scores are [N]; they are {scores.Shape()}.", nameof(scores));
        CheckValid(valid, (int)scores.shape[0]);
        long[] competing = [.. Enumerable.Range(0, (int)scores.shape[0]).Where(token => valid?[token] ?? true).Select(token => (long)token)];
        if (competing.Length == 0) return [];
        using var scope = NewDisposeScope();
        var s = scores.to_type(ScalarType.Float32).index_select(0, tensor(competing, ScalarType.Int64, scores.device));
        var quantiles = quantile(s, tensor([(float)low, (float)high], device: s.device));
        bool[] above = s.sub(quantiles[0]).div_(quantiles[1] - quantiles[0]).clamp_(0.ToCachedScalar(), 1.ToCachedScalar()).gt(threshold.ToCachedScalar()).cpu().data<bool>().ToArray();
        return [.. competing.Where((_, i) => above[i])];
    }

    /// <summary>The tiles of the next level that show what some tokens show.</summary>
    /// <remarks>The scale is a quotient in double precision, its product with a place float32, as in the authors' code, where a place on a boundary may fall to the tile before.</remarks>
    /// <param name="kept">Tokens of the map.</param>
    /// <param name="grid">The map, newline column included.</param>
    /// <param name="tiles">Rows and columns of tiles of the next level.</param>
    /// <param name="newlinesPoint">Whether newlines point to tiles: as in the authors' code, where the right-most tile of every row is therefore always looked at.</param>
    /// <returns>Row and column of each, row by row.</returns>
    public static (int Row, int Column)[] Tiles(IEnumerable<long> kept, TokenGrid grid, TokenGrid tiles, bool newlinesPoint = true)
    {
        ArgumentNullException.ThrowIfNull(kept);
        float down = (float)((double)tiles.Height / grid.Height), right = (float)((double)tiles.Width / grid.Width);
        return [.. kept.Where(token => newlinesPoint || grid.Column(token) < grid.Width - 1)
            .Select(token => ((int)MathF.Floor(grid.Row(token) * down), (int)MathF.Floor(grid.Column(token) * right))).Distinct().Order()];
    }

    /// <summary>The last column of a grid: its newline tokens.</summary>
    internal static IEnumerable<long> Newlines(TokenGrid grid) => Enumerable.Range(1, grid.Height).Select(row => (long)row * grid.Width - 1);

    static void CheckValid(IReadOnlyList<bool>? valid, int tokens)
    {
        if (valid is not null && valid.Count != tokens) throw new ArgumentException($"{tokens} tokens need {tokens} marks of validity; there are {valid.Count}.", nameof(valid));
    }
}
