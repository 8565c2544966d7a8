using PruneNotebooks.Parts;
using PruneNotebooks.Primitives;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Pruners;

/// <summary>Any method that goes by attention, with the attention freed of what depends on a token's place alone, and of padding. Everything else of the method stays.</summary>
/// <remarks>
/// <para><i>Attention Debiasing for Token Pruning in Vision Language Models</i>, arXiv 2508.17807.</para>
/// <para>
/// Every attention that the method looks at is multiplied, token by token, by 0 for padding and by <see cref="PositionTrend.Weights"/>; fit the trend on the very attention that the
/// method ranks by. A token's place is that on the image's grid, also where others have left before. The paper prunes as its hosts do; its code for FastV touches nothing but the score.
/// </para>
/// <para><c>new Debiased(new FastV(), new PositionTrend.Exponential(0.91))</c></para>
/// </remarks>
public sealed record Debiased : ITokenPruner
{
    /// <summary>Decorates a method.</summary>
    /// <param name="inner">A method that looks at attention.</param>
    /// <param name="trend">What to divide its attention by; <see langword="null"/> for padding alone.</param>
    /// <exception cref="ArgumentException">The method looks at no attention.</exception>
    public Debiased(ITokenPruner inner, PositionTrend? trend = null)
    {
        ArgumentNullException.ThrowIfNull(inner);
        if (!inner.Needs.Any(signal => signal is Signal.Attention))
            throw new ArgumentException($"{inner} looks at {inner.Needs}, not at attention: there is nothing to debias.", nameof(inner));
        (Inner, Trend) = (inner, trend ?? PositionTrend.None);
    }

    /// <summary>The method.</summary>
    public ITokenPruner Inner { get; }

    /// <summary>What its attention is divided by.</summary>
    public PositionTrend Trend { get; }

    /// <summary>Which tokens show the picture rather than padding; <see langword="null"/> if all do. It is that of one picture, so a plan with it is a plan for pictures of that shape.</summary>
    public PaddingMask? Padding { get; init; }

    /// <summary>Whether the budget shrinks to the tokens that show the picture, as the authors' code does for FastV. Off, as for their other hosts, padding fills up what is left.</summary>
    public bool KeepNoPadding { get; init; } = true;

    /// <inheritdoc/>
    public Signals Needs => Inner.Needs;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The mask or the trend is for another number of tokens, or no token shows the picture.</exception>
    public TokenSelection Select(PruningContext context, TokenBudget budget)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(budget);
        using var scope = NewDisposeScope();
        var factors = PlaceWeights.Of(context, Trend, Padding, context.Features.device);
        var debiased = context.Changed((signal, value) => signal is Signal.Attention && Needs.Contains(signal) ? value.to_type(ScalarType.Float32).mul(factors) : value);
        return Inner.Select(debiased, KeepNoPadding ? AtMost(budget, context.Tokens, Padding?.Shown(context).Count(shown => shown) ?? context.Tokens) : budget);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Inner}, debiased";

    static TokenBudget AtMost(TokenBudget budget, int tokens, int real) => budget.Resolve(tokens) <= real ? budget
        : real > 0 ? TokenBudget.Count(real)
        : throw new ArgumentException($"None of the {tokens} tokens shows the picture by this padding mask: raise its threshold.", nameof(real));
}
