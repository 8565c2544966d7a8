using System.Globalization;
using PruneNotebooks.Parts;
using PruneNotebooks.Primitives;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Pruners;

/// <summary>SCOPE: greedily keeps the token that adds most to how well all tokens are covered by the kept ones, times the attention that the class token pays it.</summary>
/// <remarks>
/// <para><i>SCOPE: Saliency-Coverage Oriented Token Pruning for Efficient Multimodel LLMs</i>, arXiv 2510.24214, NeurIPS 2025.</para>
/// <para>
/// A set covers a token as well as its most similar member does (cosine of the tower's features; below zero counts as zero). The saliency is the class token's attention, summed
/// over heads. Kept tokens go on unchanged, in raster order, with consecutive positions. With tiles (LLaVA-NeXT) every crop keeps the same share of the budget, rounded down;
/// <see cref="AnyResolution"/> puts them in order.
/// </para>
/// <para>Cost: <see cref="CoverageGreedy"/>, N^2 D / 2 and about N^2 log K.</para>
/// </remarks>
public sealed record Scope : ComposedMethod
{
    /// <summary>The power to which the saliency is raised, 0 or more; 0: coverage alone, and then greedy reaches at least 1 - 1/e of the best coverage.</summary>
    public double Alpha
    {
        get;
        init => field = value is >= 0 and < double.PositiveInfinity
            ? value
            : throw new ArgumentOutOfRangeException(nameof(Alpha), value, string.Create(CultureInfo.InvariantCulture, $"Alpha is the power of the saliency, 0 or more; it was {value}."));
    } = 1;

    /// <summary>How saliency and gain in coverage become one number; the authors multiply.</summary>
    public Combine Combine { get; init; } = Combine.Multiply;

    /// <summary>The tower's layer whose features and class token are looked at; by default the one that the tokens come from.</summary>
    public Layer Layer { get; init; } = Layer.Features;

    /// <inheritdoc/>
    public override Composition Parts => Score.SummedClsAttention(Layer).Then(Choose.SaliencyCoverage(Alpha, Combine, new Signal.VisionFeatures(Layer)));

    /// <summary>In which order tokens were kept, what each added, and how well each token is covered in the end.</summary>
    public Coverage Order(PruningContext context, TokenBudget budget)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(budget);
        using var scope = TorchSharp.torch.NewDisposeScope();
        var parts = Parts;
        return ((SaliencyCoverageChoice)parts.Choice).Cover(context, Ranking.Of(parts.Score.Of(context)), budget.Resolve(context.Tokens));
    }
}
