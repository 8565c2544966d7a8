using System.Globalization;
using PruneNotebooks.Primitives;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Parts;

public static partial class Mend
{
    /// <summary>Every token that was not chosen joins the chosen one that is most similar to it, and the two are averaged.</summary>
    /// <param name="by">Between which features cosine similarities are taken, <c>[N, D]</c>; the tokens themselves if not given.</param>
    /// <param name="ownWeight">How much a chosen token counts beside one that joins it.</param>
    /// <param name="bySize">Whether tokens that stand for several, after an earlier merge, count as several; later blocks of a vision tower then weigh their attention by it.</param>
    public static Repair MergeInto(Signal? by = null, double ownWeight = 1, bool bySize = false) => new MergeIntoNearest(by ?? new Signal.Features(), ownWeight, bySize);
}

/// <summary>Merges each token that was not chosen into the most similar chosen one (<see cref="TokenGroups"/>). The chosen keep their order in the picture.</summary>
/// <param name="By">Between which features similarities are taken.</param>
/// <param name="OwnWeight">How much a chosen token counts beside one that joins it.</param>
/// <param name="BySize">Whether tokens count as many as they stand for.</param>
public sealed record MergeIntoNearest(Signal By, double OwnWeight = 1, bool BySize = false) : Repair
{
    /// <inheritdoc/>
    public override Signals Needs => Signals.Of(new Signal.Features(), By).And(BySize ? new Signal.TokenSizes() : Signals.None);

    /// <inheritdoc/>
    public override TokenSelection Apply(PruningContext context, Ranking ranking, Chosen chosen, int keep)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(ranking);
        ArgumentNullException.ThrowIfNull(chosen);
        using var scope = NewDisposeScope();
        long[] kept = [.. chosen.Order.Order()];
        if (By is not Signal.Features) FiniteTokens.Check(context.Features, 0, nameof(context));
        var groups = TokenGroups.Nearest(context[By], kept, chosen.Others(context.Tokens));
        var sizes = BySize ? context[new Signal.TokenSizes()] : null;
        if (sizes is not null) FiniteTokens.Check(sizes, 0, nameof(context));
        return TokenSelection.InOrder(kept, context.Tokens, chosen.Painted(ranking), groups.Mean(context.Features, OwnWeight, sizes),
            sizes is null ? null : groups.Sizes(sizes.to_type(ScalarType.Float32).cpu().data<float>().ToArray()));
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"merge into the most similar{(OwnWeight == 1 ? "" : $", own weight {OwnWeight}")}{(BySize ? ", by size" : "")}");
}
