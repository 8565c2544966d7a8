using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Models;

/// <summary>What a step decided about the tokens of one image, ready to be applied.</summary>
/// <param name="Trace">What happened, in places.</param>
/// <param name="Places">Places of the tokens that stay, in the order in which they go on.</param>
/// <param name="Kept">Indices among the tokens that arrived, in the same order, int64 <c>[K]</c>.</param>
/// <param name="Features">Features that replace those of the kept tokens, <c>[K, D]</c>; or none.</param>
/// <param name="Signals">The signals of the tokens that stay.</param>
internal sealed record Decision(StageTrace Trace, IReadOnlyList<long> Places, Tensor Kept, Tensor? Features, SignalTable Signals)
{
    /// <summary>Asks the step's pruner about each image; once for all of them if it weighs them against each other.</summary>
    public static Decision[] Make(PruningStep step, IReadOnlyList<ArrivingImage> images, StageClock clock)
    {
        clock.Enter(Phase.Selection);
        if (step.Pruner is not IJointPruner joint) return [.. images.Select(image => Make(step, image))];
        ArrivingImage[] asked = step.Budget == TokenBudget.Nothing ? [] : [.. images.Where(image => image.Places.Count > 0)];
        var selections = asked.Length == 0 ? [] : joint.SelectJointly([.. asked.Select(image => image.Signals.Context(step, image))], step.Budget);
        if (selections.Count != asked.Length)
            throw new InvalidOperationException($"{step.Pruner} was shown {asked.Length} images but decided about {selections.Count}.");
        return [.. images.Select(image =>
        {
            int at = Array.IndexOf(asked, image);
            using var selection = at < 0 ? new TokenSelection([], image.Places.Count) : selections[at];
            return Of(step, image, selection);
        })];
    }

    static Decision Make(PruningStep step, ArrivingImage image)
    {
        int arrived = image.Places.Count, keep = arrived == 0 ? 0 : step.Budget.Resolve(arrived);
        using var selection = keep == 0 ? new TokenSelection([], arrived) : step.Pruner.Select(image.Signals.Context(step, image), step.Budget);
        return Of(step, image, selection);
    }

    static Decision Of(PruningStep step, ArrivingImage image, TokenSelection selection)
    {
        if (selection.Tokens != image.Places.Count)
            throw new InvalidOperationException($"{step.Pruner} was shown {image.Places.Count} tokens but chose among {selection.Tokens}.");
        var kept = selection.ToTensor(image.Features.device);
        long[] places = [.. selection.Order.Select(i => image.Places[(int)i])];
        var trace = new StageTrace
        {
            Stage = step.Stage,
            Pruner = step.Pruner,
            Image = image.Number,
            Arrived = image.Places,
            Kept = [.. places.Order()],
            Scores = selection.Scores,
        };
        return new Decision(trace, places, kept, selection.Features?.to(image.Features.dtype).clone(), image.Signals.Keep(kept, selection));
    }

    /// <summary>The tokens that stay, in their order, with merged features in the place of their own.</summary>
    /// <param name="arrived">The tokens that arrived, <c>[N, D]</c>.</param>
    public Tensor Apply(Tensor arrived) => Features ?? arrived.index_select(0, Kept);
}
