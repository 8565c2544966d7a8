using PruneNotebooks.Parts;
using PruneNotebooks.Primitives;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Pruners;

/// <summary>MMTok: keeps the tokens that together cover the words of the question and the whole picture, before the decoder sees anything. No attention, no training.</summary>
/// <remarks>
/// <para><i>MMTok: Multimodal Coverage Maximization for Efficient Inference of VLMs</i>, arXiv 2508.18264, ICLR 2026.</para>
/// <para>
/// A word or a token is covered as well as its best representative covers it: a softmax over all visual tokens of cosines, with the question's content words (<see cref="ContentWords"/>) behind the projector,
/// with the picture's tokens before it. Greedy choice reaches at least 1 - 1/e of the best coverage. Defaults are those for LLaVA; for Qwen2.5-VL the authors' code takes all words of the question and
/// a temperature of 0.01. With tiles every crop keeps the same number (<see cref="AnyResolution"/>). Positions are consecutive for LLaVA, kept for Qwen2.5-VL.
/// With <see cref="Padding"/> and a budget above what shows the picture, all of that stays and nothing else; the authors' code repeats token 0.
/// </para>
/// <para>Cost: N^2 Dv for the similarities, then about N^2 log K (<see cref="CoverageGreedy"/>); M N D for the words.</para>
/// </remarks>
public sealed record MmTok : ComposedMethod
{
    /// <summary>Weight of the picture against the words, 0 or more; 0: words alone.</summary>
    public double Alpha
    {
        get;
        init => field = value is >= 0 and < double.PositiveInfinity ? value : throw new ArgumentOutOfRangeException(nameof(Alpha), value, $"The weight of the picture is 0 or more; it was {value}.");
    } = 0.5;

    /// <summary>Temperature of the softmax of words.</summary>
    public double TextTemperature { get; init => field = Positive(value, nameof(TextTemperature)); } = 0.02;

    /// <summary>Temperature of the softmax of tokens.</summary>
    public double VisionTemperature { get; init => field = Positive(value, nameof(VisionTemperature)); } = 0.2;

    /// <summary>Which tokens show the picture rather than padding (LLaVA-1.5, <see cref="PaddingMask.ByPatches"/>); <see langword="null"/> if all do. It is that of one picture.</summary>
    public PaddingMask? Padding { get; init; }

    /// <inheritdoc/>
    public override Composition Parts => Score.Equal.Then(Choose.MultimodalCoverage(Alpha, TextTemperature, VisionTemperature, Padding));

    /// <summary>In which order tokens were kept, and what each added.</summary>
    public Coverage Order(PruningContext context, TokenBudget budget)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(budget);
        return ((MultimodalCoverageChoice)Parts.Choice).Cover(context, budget.Resolve(context.Tokens));
    }

    static double Positive(double value, string name) => value is > 0 and < double.PositiveInfinity ? value : throw new ArgumentOutOfRangeException(name, value, $"A temperature is positive; it was {value}.");
}
