using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Models;

/// <summary>What a step decided about the tokens of one image, ready to be applied.</summary>
/// <param name="Trace">What happened, in places.</param>
/// <param name="Kept">Indices among the tokens that arrived, int64 <c>[K]</c>.</param>
/// <param name="Features">Features that replace those of the kept tokens, <c>[K, D]</c>; or none.</param>
/// <param name="Signals">The signals of the tokens that stay.</param>
internal sealed record Decision(StageTrace Trace, Tensor Kept, Tensor? Features, SignalTable Signals)
{
    /// <summary>Asks the step's pruner.</summary>
    public static Decision Make(PruningStep step, SignalTable signals, Tensor features, TokenGrid? grid, IReadOnlyList<long> places, int image, Tensor? text, StageClock clock)
    {
        clock.Enter(Phase.Selection);
        int arrived = places.Count, keep = arrived == 0 ? 0 : step.Budget.Resolve(arrived);
        using var selection = keep == 0
            ? new TokenSelection([], arrived)
            : step.Pruner.Select(signals.Context(step, features, grid, places, image, text), step.Budget);
        if (selection.Tokens != arrived)
            throw new InvalidOperationException($"{step.Pruner} was shown {arrived} tokens but chose among {selection.Tokens}.");
        var kept = selection.ToTensor(features.device);
        var trace = new StageTrace
        {
            Stage = step.Stage,
            Pruner = step.Pruner,
            Image = image,
            Arrived = places,
            Kept = [.. selection.Kept.Select(i => places[(int)i])],
            Scores = selection.Scores,
        };
        return new Decision(trace, kept, selection.Features?.to(features.dtype).clone(), signals.Keep(kept));
    }

    /// <summary>Puts merged features, if there are any, in the place of the kept tokens' own.</summary>
    /// <param name="living">The sequence of the tokens that stay, <c>[1, T, D]</c>; changed in place.</param>
    /// <param name="first">Where in it this image's tokens start.</param>
    public void Merge(Tensor living, int first)
    {
        if (Features is not null) living.narrow(1, first, Features.shape[0]).copy_(Features.unsqueeze(0));
    }
}
