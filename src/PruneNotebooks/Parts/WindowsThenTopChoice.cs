using PruneNotebooks.Primitives;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Parts;

public static partial class Choose
{
    /// <summary>Half of the tokens window by window, by a score of their own, and the highest scores of the others (VScan, arXiv 2505.22654).</summary>
    /// <param name="local">The score within windows.</param>
    /// <param name="window">Rows and columns of a window.</param>
    /// <param name="capped">Whether windows are filled by one walk down the ranking and the last ones take in what does not fill one, as for grids of any shape, rather than each by the same number.</param>
    /// <param name="exact">Whether tokens that windows cannot share evenly go to the highest scores; if not, fewer tokens stay, as in the authors' code.</param>
    public static Choice WindowsThenTop(Score local, int window = 6, bool capped = false, bool exact = true) => new WindowsThenTopChoice(local, window, capped, exact);
}

/// <summary>The best of each window (<see cref="Windows"/>), then top-k.</summary>
/// <param name="Local">The score within windows.</param>
/// <param name="Window">Rows and columns of a window.</param>
/// <param name="Capped">Whether the last windows take in what does not fill one.</param>
/// <param name="Exact">Whether what windows cannot share goes to the highest scores.</param>
public sealed record WindowsThenTopChoice(Score Local, int Window, bool Capped, bool Exact) : Choice
{
    /// <inheritdoc/>
    public override Signals Needs => Local.Needs;

    /// <inheritdoc/>
    public override Chosen Pick(PruningContext context, Ranking ranking, int count)
    {
        var (local, global) = Split(context, ranking, count);
        return new([.. local, .. global]);
    }

    /// <summary>Which tokens stay for their window and which for their score, both ascending.</summary>
    /// <inheritdoc cref="Pick"/>
    public (long[] Local, long[] Global) Split(PruningContext context, Ranking ranking, int count)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(ranking);
        using var scope = NewDisposeScope();
        var byLocal = Ranking.Of(Local.Of(context));
        if (count >= ranking.Count) return ([], [.. ranking.Order.Order()]);
        int half = count / 2;
        long[] local = Capped ? Windows.Capped(byLocal, context.Grid, Window, half) : Windows.Top(byLocal, context.Grid, Window, half);
        return (local, [.. ranking.Top(count - (Exact ? local.Length : half), except: local).Order()]);
    }

    /// <inheritdoc/>
    public override string ToString() => $"half by {Local} in windows of {Window} x {Window}, half top-k";
}
