using System.Globalization;
using PruneNotebooks.Primitives;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Parts;

/// <summary>What a contextual token is made of.</summary>
public enum ContextualMerge
{
    /// <summary>The target plus the mean of the tokens that join it, as VisionZip's code has it.</summary>
    TargetPlusMean,

    /// <summary>The mean of the target and the tokens that join it, as VisionZip's paper says.</summary>
    Mean,
}

public static partial class Mend
{
    /// <summary>Folds the tokens that were not chosen into a few contextual tokens by the similarity of their keys, and puts them behind the others (VisionZip, arXiv 2412.04467).</summary>
    /// <param name="share">Which share of the budget they are.</param>
    /// <param name="layer">Whose keys are compared; by default of the layer that the tokens come from.</param>
    /// <param name="classToken">Whether the tower's class token goes on, too, before all others; it counts.</param>
    /// <param name="merge">What a contextual token is made of.</param>
    public static Repair Contextual(double share = 10 / 64.0, Layer layer = default, bool classToken = true, ContextualMerge merge = ContextualMerge.TargetPlusMean) =>
        new ContextualTokens(share, layer, classToken, merge);
}

/// <summary>Class token, chosen tokens in the order of the picture, contextual tokens (<see cref="TokenGroups.EvenlySpaced"/>).</summary>
/// <param name="Share">Which share of the budget contextual tokens are, 0 to 1; rounded, halves up.</param>
/// <param name="Layer">Whose keys are compared.</param>
/// <param name="ClassToken">Whether the class token goes on, too.</param>
/// <param name="Merge">What a contextual token is made of.</param>
public sealed record ContextualTokens(double Share, Layer Layer, bool ClassToken, ContextualMerge Merge) : Repair
{
    Signal Keys => new Signal.VisionStates(Layer, TokenState.Key);

    Signal Class => new Signal.ClsState(Layer, TokenState.Hidden);

    /// <inheritdoc/>
    public override Signals Needs => Signals.Of(new Signal.Features(), Keys).And(ClassToken ? Class : Signals.None);

    /// <inheritdoc/>
    public override int Reserve(int keep, int tokens) => Count(keep) + (ClassToken ? 1 : 0);

    int Count(int keep) => Math.Min(Rounding.HalfUp.Apply(keep * Share), ClassToken ? keep - 1 : keep);

    /// <inheritdoc/>
    public override TokenSelection Apply(PruningContext context, Ranking ranking, Chosen chosen, int keep)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(ranking);
        ArgumentNullException.ThrowIfNull(chosen);
        using var scope = NewDisposeScope();
        var features = context.Features;
        FiniteTokens.Check(features, 0, nameof(context));
        long[] kept = [.. chosen.Order.Order()];
        var groups = TokenGroups.EvenlySpaced(context[Keys].mean([0], type: ScalarType.Float32), chosen.Others(context.Tokens), Count(keep));
        List<Tensor> rows = [features.index_select(0, tensor(kept, ScalarType.Int64, features.device)), Merge == ContextualMerge.Mean ? groups.Mean(features) : groups.TargetPlusMean(features)];
        long[] order = [.. kept, .. groups.Targets];
        if (ClassToken)
        {
            rows.Insert(0, context[Class].reshape(1, -1).to(features.dtype));
            order = [.. TokenSelection.EmptySeats(order, context.Tokens, 1), .. order];
        }
        return TokenSelection.InOrder(order, context.Tokens, chosen.Painted(ranking), cat(rows));
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{100 * Share:0.##} % contextual tokens{(ClassToken ? " and the class token" : "")}");
}
