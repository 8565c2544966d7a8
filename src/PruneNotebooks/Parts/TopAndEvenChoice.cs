using System.Globalization;
using PruneNotebooks.Primitives;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Parts;

public static partial class Choose
{
    /// <summary>A share of the highest scores, and of the others some at even steps through the picture.</summary>
    /// <param name="top">The share of the tokens that stay for their score, 0 to 1.</param>
    public static Choice TopAndEven(double top) => new TopAndEvenChoice(top);
}

/// <summary>Top-k, then the others in their order at even steps: places <c>floor(i R / m)</c> for i = 0 .. m - 1, of R others m.</summary>
/// <param name="Top">The share of the tokens that stay for their score; rounded up.</param>
public sealed record TopAndEvenChoice(double Top) : Choice
{
    /// <inheritdoc/>
    public override Chosen Pick(PruningContext context, Ranking ranking, int count)
    {
        ArgumentNullException.ThrowIfNull(ranking);
        var top = new Chosen(ranking.Top(Rounding.Up.Apply(count * Top)));
        long[] others = top.Others(ranking.Count);
        int even = count - top.Order.Count;
        return new([.. top.Order, .. Enumerable.Range(0, even).Select(i => others[(long)i * others.Length / even])]);
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{100 * Top:0.##} % top-k, the others at even steps");
}
