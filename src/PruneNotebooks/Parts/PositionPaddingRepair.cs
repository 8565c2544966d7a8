using PruneNotebooks.Primitives;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Parts;

public static partial class Mend
{
    /// <summary>PosPad: one marker stays at the last place of each run of dropped tokens, on top of the budget (<i>FocusUI</i>, arXiv 2601.03928). Use it with <see cref="Positions.Keep"/>.</summary>
    /// <param name="marker">The embedding that a model has learned for it, float <c>[D]</c>; for models that learned none, the mean of the dropped tokens, the same at every place. It belongs to the caller.</param>
    public static Repair PositionPadding(Tensor? marker = null) => new PositionPaddingRepair(marker);
}

/// <summary>Markers where tokens are missing (<see cref="PositionPadding"/>).</summary>
/// <param name="Marker">The marker's embedding, <c>[D]</c>; the mean of the dropped tokens if there is none.</param>
public sealed record PositionPaddingRepair(Tensor? Marker) : Repair
{
    /// <inheritdoc/>
    public override Signals Needs => Signals.Features;

    /// <inheritdoc/>
    public override TokenSelection Apply(PruningContext context, Ranking ranking, Chosen chosen, int keep)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(ranking);
        ArgumentNullException.ThrowIfNull(chosen);
        using var scope = NewDisposeScope();
        var features = context.Features;
        if (Marker is not null && !Marker.shape.SequenceEqual([features.shape[1]]))
            throw new ArgumentException($"A marker is one token, [{features.shape[1]}]; it is {Marker.Shape()}.", nameof(context));
        var (places, markers) = PositionPadding.Survivors(context.Tokens, [.. Enumerable.Range(0, context.Tokens).Select(i => (long)i)], chosen.Order);
        if (markers.Length == 0) return new TokenSelection(places, context.Tokens, chosen.Painted(ranking));
        var marker = Marker ?? features.index_select(0, Index(chosen.Others(context.Tokens))).mean([0]);
        if (Marker is null && !marker.isfinite().all().item<bool>()) FiniteTokens.Check(features, 0, nameof(context));
        var survivors = features.index_select(0, Index(places));
        long[] rows = [.. markers.Select(place => (long)Array.BinarySearch(places, place))];
        survivors.index_copy_(0, Index(rows), marker.to_type(features.dtype).to(features.device).expand(rows.Length, -1));
        return new TokenSelection(places, context.Tokens, chosen.Painted(ranking), survivors);

        Tensor Index(long[] of) => tensor(of, ScalarType.Int64, features.device);
    }

    /// <inheritdoc/>
    public override string ToString() => "a marker after each run of dropped tokens";
}
