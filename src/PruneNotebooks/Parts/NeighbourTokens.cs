using System.Globalization;
using PruneNotebooks.Primitives;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Parts;

public static partial class Mend
{
    /// <summary>Adds to each chosen token its nearest neighbours by their keys, each by its score, and appends one token that sums all dropped ones (PruMerge, arXiv 2403.15388). Tokens go on in the order of the choice.</summary>
    /// <param name="layer">Whose keys are compared.</param>
    /// <param name="neighbours">How many neighbours each has; chosen tokens may be among them.</param>
    public static Repair AddNeighbours(Layer layer, int neighbours = 32) => new NeighbourTokens(layer, neighbours);
}

/// <summary>Chosen tokens plus their neighbours (<see cref="NeighbourSums"/>), and a last token for those that were dropped.</summary>
/// <param name="Layer">Whose keys are compared.</param>
/// <param name="Neighbours">How many neighbours each has.</param>
public sealed record NeighbourTokens(Layer Layer, int Neighbours) : Repair
{
    Signal Keys => new Signal.VisionStates(Layer, TokenState.Key);

    /// <inheritdoc/>
    public override Signals Needs => Signals.Of(new Signal.Features(), Keys);

    /// <inheritdoc/>
    public override int Reserve(int keep, int tokens) => 1;

    /// <inheritdoc/>
    public override TokenSelection Apply(PruningContext context, Ranking ranking, Chosen chosen, int keep)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(ranking);
        ArgumentNullException.ThrowIfNull(chosen);
        using var scope = NewDisposeScope();
        var features = context.Features;
        FiniteTokens.Check(features, 0, nameof(context));
        var keys = context[Keys].transpose(0, 1).flatten(1);
        var weights = tensor(ranking.Scores, device: features.device);
        long[] others = chosen.Others(context.Tokens);
        var merged = NeighbourSums.Add(features, keys, weights, chosen.Order, others, Neighbours);
        // Where nothing was dropped there is neither a seat for the last token nor anything to sum.
        return others.Length == 0
            ? TokenSelection.InOrder(chosen.Order, context.Tokens, chosen.Painted(ranking), merged)
            : TokenSelection.InOrder([.. chosen.Order, others[0]], context.Tokens, chosen.Painted(ranking), cat([merged, NeighbourSums.Of(features, weights, others)]));
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Neighbours} neighbours added, one token for the others");
}
