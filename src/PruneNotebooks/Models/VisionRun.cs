using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Models;

/// <summary>The visual tokens of one image after the steps of a plan that come before the decoder.</summary>
/// <param name="Features">Projected, <c>[N, D]</c>.</param>
/// <param name="Tower">Before the projector, <c>[N, Dv]</c>.</param>
/// <param name="Places">Where on the grid they lie, in their order.</param>
/// <param name="Image">How many there were, and their grid.</param>
/// <param name="Signals">What is known of them.</param>
/// <param name="Stages">What happened to them.</param>
/// <param name="Flops">What they cost.</param>
internal sealed record VisualTokens(Tensor Features, Tensor Tower, IReadOnlyList<long> Places, ImageTokens Image, SignalTable Signals, IReadOnlyList<StageTrace> Stages, double Flops);

/// <summary>From pictures to visual tokens: tower and projector, with the signals that a plan needs and the steps it has there.</summary>
internal sealed class VisionRun(LlavaConfig config, VisionTower tower, Projector projector, IReadOnlyList<PruningPlan> plans, StageClock clock, ActivationRecorder? recorder)
{
    readonly ModelShape shape = config.Shape();
    readonly int[] featureStates = config.FeatureStates();

    // Several plans have none: they only share what they need to see.
    readonly PruningStep[] steps = [.. plans.SelectMany(plan => plan.Steps).Where(step => step.Stage.Where == Stage.Part.Vision)];
    readonly ILookup<int, Signal> needs = config.Shape().Needs(plans, vision: true);

    // The class token is a visual token only where a model keeps it.
    readonly int firstToken = config.FeatureSelection == FeatureSelection.Full ? 0 : 1;

    /// <summary>The visual tokens of each picture.</summary>
    /// <param name="pixels"><c>[B, 3, height, width]</c>, all patches of it whole.</param>
    /// <param name="numbers">Which picture of its prompt each is, from 0.</param>
    public VisualTokens[] Run(Tensor pixels, IReadOnlyList<int> numbers)
    {
        foreach (var step in steps.Where(step => step.Stage.Layer >= tower.Config.Layers))
            throw new ArgumentException($"The plan prunes at {step.Stage}, but the tower has layers 0 to {tower.Config.Layers - 1}.");
        // Once tokens leave inside the tower, pictures go their own ways.
        return steps.Length > 0 ? [.. Enumerable.Range(0, (int)pixels.shape[0]).Select(i => RunBatch(pixels.narrow(0, i, 1), numbers[i])[0])] : RunBatch(pixels, 0);
    }

    VisualTokens[] RunBatch(Tensor pixels, int number)
    {
        clock.Enter(Phase.Vision);
        int blocks = Math.Max(featureStates.Max(), needs.Select(layer => layer.Key + 1).DefaultIfEmpty(0).Max());
        if (recorder is not null) blocks = tower.Config.Layers;
        var seen = new TowerTokens(tower.Embed(pixels), firstToken, firstToken == 1 ? tower.GridOf(pixels) : null, shape);
        double flops = config.Network.Tower!.PatchEmbedding.Flops(seen.Images * (seen.Tokens + firstToken - 1));
        for (int block = 0; ; block++)
        {
            foreach (var step in steps.Where(step => step.Stage == Stage.Vision(block))) seen.Hidden = Apply(step, seen, seen.Hidden, number);
            recorder?.Record($"vision.hidden.{block}", seen.Hidden);
            if (featureStates.Contains(block)) seen.States[block] = seen.Hidden;
            if (block == blocks) break;
            flops += seen.Images * config.Network.Tower!.Block.Flops(seen.Hidden.shape[1], seen.Hidden.shape[1]);
            seen.Hidden = tower.Attend(block, seen.Hidden, Probe(block, seen), seen.KeySizes());
            foreach (var step in steps.Where(step => step.Stage == Stage.VisionInside(block))) seen.Hidden = Apply(step, seen, seen.Hidden, number);
            seen.Hidden = tower.Feed(block, seen.Hidden);
            LookAtOutput(block, seen);
        }
        var features = cat([.. featureStates.Select(state => seen.States[state])], -1);
        features = features.narrow(1, firstToken, features.shape[1] - firstToken);
        var projected = projector.Forward(features);
        recorder?.Record("projector", projected);
        flops += config.Network.Projector!.Flops(projected.shape[0] * projected.shape[1]);
        var image = new ImageTokens(seen.Tokens, seen.Grid);
        return [.. Enumerable.Range(0, seen.Images).Select(i => new VisualTokens(projected[i], features[i], seen.Places, image, seen.Tables[i], seen.Stages, flops / seen.Images))];
    }

    // One picture: tokens leave, or are merged, wherever in a block the hidden states are taken from.
    Tensor Apply(PruningStep step, TowerTokens seen, Tensor hidden, int number)
    {
        var decision = Decision.Make(step, [new ArrivingImage(seen.Tables[0], seen.Patches(hidden[0]), seen.Grid, seen.Places, number)], clock)[0];
        var first = hidden.narrow(1, 0, firstToken);
        var left = cat([first, decision.Apply(seen.Patches(hidden[0])).unsqueeze(0)], 1);
        seen.Keep(decision);
        clock.Enter(Phase.Vision);
        return left;
    }

    AttentionProbe? Probe(int block, TowerTokens seen)
    {
        Signal[] wanted = [.. needs[block].Where(signal => signal is Signal.Attention or Signal.VisionStates { State: not TokenState.Hidden } or Signal.ClsState { State: not TokenState.Hidden })];
        bool recorded = recorder?.Wants($"vision.attention.{block}") == true;
        if (wanted.Length == 0 && !recorded) return null;
        return (query, key, value) =>
        {
            if (recorded) recorder!.RecordAttention($"vision.attention.{block}", query, key, causal: false);
            var before = clock.Enter(Phase.Selection);
            foreach (var signal in wanted)
                for (int i = 0; i < seen.Images; i++)
                    seen.Tables[i].Add(signal, Look(signal, query[i], key[i], value[i], seen).MoveToOuterDisposeScope());
            clock.Enter(before);
        };
    }

    // The block's own tensors are freed when it is done; what was seen must outlive it.
    Tensor Look(Signal signal, Tensor query, Tensor key, Tensor value, TowerTokens seen)
    {
        using var scope = NewDisposeScope();
        long tokens = query.shape[1];
        Tensor Of(TokenState state) => state switch { TokenState.Query => query, TokenState.Key => key, _ => value };
        return (signal switch
        {
            Signal.VisionStates s => Of(s.State).narrow(1, firstToken, tokens - firstToken),
            Signal.ClsState s => Of(s.State).select(1, 0),
            Signal.Attention s => AttentionTo(s, query, key, seen).narrow(-1, firstToken, tokens - firstToken),
            _ => throw new NotSupportedException($"The tower does not show {signal.Description}."),
        }).clone().MoveToOuterDisposeScope();
    }

    static Tensor AttentionTo(Signal.Attention signal, Tensor query, Tensor key, TowerTokens seen)
    {
        long tokens = query.shape[1];
        var rows = signal.Queries switch
        {
            Queries.Cls => query.narrow(1, 0, 1),
            Queries.Visual => query.narrow(1, 1, tokens - 1),
            Queries.All => query,
            var other => throw new ArgumentException($"There is no attention of {other} in the vision tower, which sees no text; use Cls, Visual or All."),
        };
        return signal is Signal.VisionAttention ? Attention.Weights(rows, key, sizes: seen.KeySizes()) : Attention.MeanWeights(rows, key, sizes: seen.KeySizes());
    }

    void LookAtOutput(int block, TowerTokens seen)
    {
        foreach (var signal in needs[block])
        {
            for (int i = 0; i < seen.Images; i++)
            {
                var output = seen.Hidden[i];
                if (signal is Signal.VisionFeatures) seen.Tables[i].Add(signal, seen.Patches(output));
                if (signal is Signal.VisionStates { State: TokenState.Hidden }) seen.Tables[i].Add(signal, Attention.SplitHeads(seen.Patches(output).unsqueeze(0), config.Vision.Heads)[0]);
                if (signal is Signal.ClsState { State: TokenState.Hidden }) seen.Tables[i].Add(signal, output[0].view(config.Vision.Heads, -1));
            }
        }
    }
}
