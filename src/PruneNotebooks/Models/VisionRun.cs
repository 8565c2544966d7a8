using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Models;

/// <summary>The visual tokens of one image after the steps of a plan that come before the decoder.</summary>
internal sealed record VisualTokens(Tensor Features, IReadOnlyList<long> Places, ImageTokens Image, SignalTable Signals, IReadOnlyList<StageTrace> Stages, double Flops);

/// <summary>From pictures to visual tokens: tower and projector, with the signals that a plan needs and the steps it has there.</summary>
internal sealed class VisionRun(LlavaConfig config, VisionTower tower, Projector projector, IReadOnlyList<PruningPlan> plans, StageClock clock, ActivationRecorder? recorder)
{
    readonly ModelShape shape = config.Shape();
    readonly int[] featureStates = config.FeatureStates();

    // Several plans have none: they only share what they need to see.
    readonly PruningStep[] steps = [.. plans.SelectMany(plan => plan.Steps).Where(step => step.Stage.Where == Stage.Part.Vision)];

    // The class token is a visual token only where a model keeps it.
    readonly int firstToken = config.FeatureSelection == FeatureSelection.Full ? 0 : 1;

    /// <summary>The visual tokens of each picture.</summary>
    /// <param name="pixels"><c>[B, 3, side, side]</c>.</param>
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
        var needs = shape.Needs(plans, vision: true);
        int blocks = Math.Max(featureStates.Max(), needs.Select(layer => layer.Key + 1).DefaultIfEmpty(0).Max());
        if (recorder is not null) blocks = tower.Config.Layers;
        var hidden = tower.Embed(pixels);
        int images = (int)hidden.shape[0], tokens = (int)hidden.shape[1] - firstToken;
        TokenGrid? grid = firstToken == 1 ? TokenGrid.Square(tower.Config.GridSide) : null;
        long[] places = [.. Enumerable.Range(0, tokens).Select(i => (long)i)];
        var tables = Enumerable.Range(0, images).Select(_ => new SignalTable(shape)).ToArray();
        List<StageTrace> stages = [];
        Dictionary<int, Tensor> states = [];
        double flops = config.Network.Tower!.PatchEmbedding.Flops(images * tower.Config.Patches);
        for (int block = 0; ; block++)
        {
            foreach (var step in steps.Where(step => step.Stage == Stage.Vision(block)))
            {
                var decision = Decision.Make(step, tables[0], Patches(hidden[0]), grid, places, number, text: null, clock);
                stages.Add(decision.Trace);
                var rows = cat([arange(firstToken, ScalarType.Int64, hidden.device), decision.Kept + firstToken]);
                hidden = hidden.index_select(1, rows);
                decision.Merge(hidden, firstToken);
                states = states.ToDictionary(state => state.Key, state => state.Value.index_select(1, rows));
                (places, tables[0]) = ([.. decision.Trace.Kept], decision.Signals);
                clock.Enter(Phase.Vision);
            }
            recorder?.Record($"vision.hidden.{block}", hidden);
            if (featureStates.Contains(block)) states[block] = hidden;
            if (block == blocks) break;
            hidden = tower.Forward(block, hidden, Probe(block, needs[block], tables));
            foreach (var signal in needs[block].Where(signal => signal is Signal.VisionFeatures))
                for (int i = 0; i < images; i++) tables[i].Add(signal, Patches(hidden[i]));
            flops += images * config.Network.Tower!.Block.Flops(hidden.shape[1], hidden.shape[1]);
        }
        var features = cat([.. featureStates.Select(state => states[state])], -1);
        var projected = projector.Forward(features.narrow(1, firstToken, features.shape[1] - firstToken));
        recorder?.Record("projector", projected);
        flops += config.Network.Projector!.Flops(projected.shape[0] * projected.shape[1]);
        return [.. Enumerable.Range(0, images).Select(i => new VisualTokens(projected[i], places, new ImageTokens(tokens, grid), tables[i], stages, flops / images))];
    }

    Tensor Patches(Tensor hidden) => hidden.narrow(0, firstToken, hidden.shape[0] - firstToken);

    AttentionProbe? Probe(int block, IEnumerable<Signal> needs, SignalTable[] tables)
    {
        Signal.Attention[] wanted = [.. needs.OfType<Signal.Attention>()];
        bool recorded = recorder?.Wants($"vision.attention.{block}") == true;
        if (wanted.Length == 0 && !recorded) return null;
        return (query, key, _) =>
        {
            if (recorded) recorder!.RecordAttention($"vision.attention.{block}", query, key, causal: false);
            var before = clock.Enter(Phase.Selection);
            foreach (var signal in wanted)
                for (int i = 0; i < tables.Length; i++)
                    tables[i].Add(signal, Look(signal, query[i], key[i]).MoveToOuterDisposeScope());
            clock.Enter(before);
        };
    }

    Tensor Look(Signal.Attention signal, Tensor query, Tensor key)
    {
        using var scope = NewDisposeScope();
        long tokens = query.shape[1];
        var rows = signal.Queries switch
        {
            Queries.Cls => query.narrow(1, 0, 1),
            Queries.Visual => query.narrow(1, 1, tokens - 1),
            Queries.All => query,
            var other => throw new ArgumentException($"There is no attention of {other} in the vision tower, which sees no text; use Cls, Visual or All."),
        };
        var weights = signal is Signal.VisionAttention ? Attention.Weights(rows, key) : Attention.MeanWeights(rows, key);
        // The block's own tensors are freed when it is done; what was seen must outlive it.
        return weights.narrow(-1, firstToken, tokens - firstToken).clone().MoveToOuterDisposeScope();
    }
}
