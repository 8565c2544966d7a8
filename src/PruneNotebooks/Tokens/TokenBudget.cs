using System.Globalization;

namespace PruneNotebooks.Tokens;

/// <summary>How many tokens stay at one stage, per image: a count, or the kept fraction of the tokens that arrive there.</summary>
/// <remarks>
/// "128 tokens" means different things in different papers. A budget here always speaks of one stage and one image;
/// for an average over decoder layers see <see cref="PruningPlan.ForAverage"/>, and the trace reports both numbers.
/// An <see cref="int"/> converts to a count and a <see cref="double"/> to a kept fraction: <c>keep: 64</c>, <c>keep: 0.25</c>.
/// </remarks>
public sealed record TokenBudget
{
    enum Convention { Count, Ratio, Nothing }

    readonly Convention convention;
    readonly double value;
    readonly Rounding rounding;

    TokenBudget(Convention convention, double value, Rounding rounding = Rounding.HalfToEven) =>
        (this.convention, this.value, this.rounding) = (convention, value, rounding);

    /// <summary>Every token stays.</summary>
    public static TokenBudget All { get; } = new(Convention.Ratio, 1);

    /// <summary>No token stays: visual withdrawal. The only budget that resolves to zero.</summary>
    public static TokenBudget Nothing { get; } = new(Convention.Nothing, 0);

    /// <summary>Exactly that many tokens stay.</summary>
    /// <param name="tokens">At least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="tokens"/> is below 1.</exception>
    public static TokenBudget Count(int tokens) => tokens >= 1
        ? new(Convention.Count, tokens)
        : throw new ArgumentOutOfRangeException(nameof(tokens), tokens,
            $"A budget keeps at least 1 token; it was asked to keep {tokens}. To drop all visual tokens on purpose use TokenBudget.Nothing.");

    /// <summary>Exactly that many tokens stay, or none: what a schedule ends with.</summary>
    /// <param name="tokens">0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="tokens"/> is negative.</exception>
    public static TokenBudget CountOrNothing(int tokens) => tokens == 0 ? Nothing : Count(tokens);

    /// <summary>That fraction of the arriving tokens stays, at least one token.</summary>
    /// <param name="kept">The <b>kept</b> fraction, above 0 and at most 1 (some papers write the pruned one).</param>
    /// <param name="rounding">How <c>kept * N</c> becomes a whole number.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="kept"/> is not in (0, 1].</exception>
    public static TokenBudget Ratio(double kept, Rounding rounding = Rounding.HalfToEven) => kept is > 0 and <= 1
        ? new(Convention.Ratio, kept, rounding)
        : throw new ArgumentOutOfRangeException(nameof(kept), kept, string.Create(CultureInfo.InvariantCulture,
            $"A retention ratio is the kept fraction, above 0 and at most 1; it was {kept}. For a number of tokens use TokenBudget.Count."));

    /// <summary>The count that must stay from one decoder layer on, so that the mean over all layers is what papers call their number of tokens: <c>(L avg - K N) / (L - K)</c>.</summary>
    /// <param name="average">The wanted mean number of visual tokens per decoder layer.</param>
    /// <param name="tokens">Visual tokens before, N.</param>
    /// <param name="layers">Decoder layers, L.</param>
    /// <param name="before">The layer at whose input tokens leave, K: layers 0 to K - 1 see all.</param>
    /// <param name="rounding">How it becomes a whole number; published code truncates.</param>
    /// <remarks>For several stages see <see cref="PruningPlan.ForAverage"/>.</remarks>
    /// <exception cref="ArgumentException">That average cannot be reached from that layer on; the message says which can.</exception>
    public static TokenBudget ForAverage(double average, int tokens, int layers, int before, Rounding rounding = Rounding.Down)
    {
        if (before < 0 || before >= layers) throw new ArgumentOutOfRangeException(nameof(before), before, $"Tokens leave at one of {layers} layers, 0 to {layers - 1}; it was {before}.");
        int count = rounding.Apply((layers * average - (double)before * tokens) / (layers - before));
        return count >= 1 && count <= tokens ? Count(count) : throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
            $"An average of {average} tokens over {layers} layers is unreachable when {tokens} tokens see the first {before}: averages from {((double)before * tokens + layers - before) / layers:0.##} to {tokens} are possible."), nameof(average));
    }

    /// <summary>A count of tokens.</summary>
    public static implicit operator TokenBudget(int tokens) => Count(tokens);

    /// <summary>A kept fraction.</summary>
    public static implicit operator TokenBudget(double kept) => Ratio(kept);

    /// <summary>How many of <paramref name="tokens"/> arriving tokens stay: between 1 and <paramref name="tokens"/>, or 0 for <see cref="Nothing"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No token arrives, or the budget counts more tokens than arrive.</exception>
    public int Resolve(int tokens)
    {
        if (convention == Convention.Nothing) return 0;
        if (tokens < 1)
            throw new ArgumentOutOfRangeException(nameof(tokens), tokens, $"No visual token arrives at this stage, so none of them can be kept ({this}).");
        if (convention == Convention.Ratio) return Math.Clamp(rounding.Apply(value * tokens), 1, tokens);
        return value <= tokens
            ? (int)value
            : throw new ArgumentOutOfRangeException(nameof(tokens), tokens, $"The budget keeps {(int)value} tokens but only {tokens} arrive at this stage.");
    }

    /// <inheritdoc/>
    public override string ToString() => convention switch
    {
        Convention.Count => $"{(int)value} tokens",
        Convention.Ratio => string.Create(CultureInfo.InvariantCulture, $"{100 * value:0.##} %"),
        _ => "nothing",
    };
}
