using PruneNotebooks.Primitives;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Parts;

public static partial class Mend
{
    /// <summary>Tokens go on in the order in which they were chosen; if the choice was smaller than the budget, tokens that are all zeros follow.</summary>
    public static Repair ChosenOrder { get; } = new ChosenOrder();
}

/// <summary>The order of the choice, filled up with zeros.</summary>
public sealed record ChosenOrder : Repair
{
    /// <inheritdoc/>
    public override TokenSelection Apply(PruningContext context, Ranking ranking, Chosen chosen, int keep)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(ranking);
        ArgumentNullException.ThrowIfNull(chosen);
        float[] scores = chosen.Painted(ranking);
        int missing = keep - chosen.Order.Count;
        if (missing <= 0) return TokenSelection.InOrder(chosen.Order, context.Tokens, scores);
        using var scope = NewDisposeScope();
        var features = context.Features;
        var rows = features.index_select(0, tensor(chosen.Order.ToArray(), ScalarType.Int64, features.device));
        return TokenSelection.InOrder([.. chosen.Order, .. TokenSelection.EmptySeats(chosen.Order, context.Tokens, missing)], context.Tokens, scores,
            cat([rows, zeros([missing, features.shape[1]], features.dtype, features.device)]));
    }

    /// <inheritdoc/>
    public override string ToString() => "in that order, filled with zeros";
}
