using PruneNotebooks.Primitives;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Parts;

public static partial class Choose
{
    /// <summary>Every n-th token of the raster, whatever the scores: token <c>i floor(N / count)</c>. What is left over at the end is never among them.</summary>
    public static Choice Evenly { get; } = new EvenChoice();
}

/// <summary>Tokens at even distances.</summary>
public sealed record EvenChoice : Choice
{
    /// <inheritdoc/>
    public override Chosen Pick(PruningContext context, Ranking ranking, int count)
    {
        ArgumentNullException.ThrowIfNull(context);
        int stride = context.Tokens / count;
        return new([.. Enumerable.Range(0, count).Select(i => (long)i * stride)]);
    }

    /// <inheritdoc/>
    public override string ToString() => "at even distances";
}
