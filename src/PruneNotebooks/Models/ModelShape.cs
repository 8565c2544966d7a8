using PruneNotebooks.Tokens;

namespace PruneNotebooks.Models;

/// <summary>How many layers there are, so that signals can be located.</summary>
/// <param name="VisionLayers">Blocks of the tower.</param>
/// <param name="FeatureLayer">The block whose output becomes the visual tokens, 0-based.</param>
/// <param name="DecoderLayers">Layers of the decoder.</param>
internal sealed record ModelShape(int VisionLayers, int FeatureLayer, int DecoderLayers)
{
    /// <summary>The same signal with its layer as an index, and that index (-1 if it belongs to no layer).</summary>
    /// <exception cref="ArgumentException">There is no such layer, or tokens pass it after the stage.</exception>
    public (Signal Signal, int Layer) Locate(Signal signal, Stage stage)
    {
        if (signal is not Signal.OfLayer s) return (signal, -1);
        int index = s.InTower ? Vision(s.Layer, s, stage) : Decoder(s.Layer, s, stage);
        return (s with { Layer = Layer.Index(index) }, index);
    }

    /// <summary>The layers whose attention is computed explicitly because a plan looks at it.</summary>
    public IReadOnlyList<string> Unfused(PruningPlan plan) =>
    [
        .. from inTower in new[] { true, false }
           from layer in Needs([plan], inTower).OrderBy(layer => layer.Key)
           from signal in layer.OfType<Signal.Attention>()
           select $"{(inTower ? "vision" : "decoder")} layer {layer.Key} (rows of {signal.Queries.Words()})",
    ];

    /// <summary>Everything that the steps of plans need, by layer.</summary>
    public ILookup<int, Signal> Needs(IEnumerable<PruningPlan> plans, bool vision) => plans.SelectMany(plan => plan.Steps)
        .SelectMany(step => step.Pruner.Needs.Select(signal => Locate(signal, step.Stage)).Where(located => vision || step.Stage.Where != Stage.Part.Decoder || located.Layer < step.Stage.Layer))
        .Where(located => located.Signal is Signal.OfLayer { InTower: var tower } && tower == vision)
        .Distinct()
        .ToLookup(located => located.Layer, located => located.Signal);

    /// <summary>What a step needs of the very decoder layer that it stands before: seen ahead, as if all tokens that arrive entered it.</summary>
    public Signal[] Ahead(PruningStep step) => step.Stage.Where != Stage.Part.Decoder ? [] :
    [
        .. step.Pruner.Needs.Select(signal => Locate(signal, step.Stage)).Where(located => located.Signal is Signal.OfLayer { InTower: false } && located.Layer == step.Stage.Layer).Select(located => located.Signal),
    ];

    int Vision(Layer layer, Signal signal, Stage stage)
    {
        int index = layer.Resolve(VisionLayers, FeatureLayer, stage.Where == Stage.Part.Vision ? stage.Layer : -1);
        bool seen = stage.Where != Stage.Part.Vision || index < stage.Layer
            || (stage.Inside && index == stage.Layer && (signal is Signal.Attention or Signal.VisionStates { State: not TokenState.Hidden } or Signal.ClsState { State: not TokenState.Hidden }));
        return seen ? index : throw TooLate(signal, stage);
    }

    int Decoder(Layer layer, Signal signal, Stage stage)
    {
        if (stage.Where != Stage.Part.Decoder)
            throw new ArgumentException($"The method reads {signal.Description}, which does not exist yet at the {stage}: use it at Stage.Decoder(k) with k of 1 or more.");
        int index = layer.Resolve(DecoderLayers, stage: stage.Layer);
        bool ahead = index == stage.Layer && (signal is Signal.Attention or Signal.TextAttention or Signal.DecoderStates { State: not TokenState.Hidden } or Signal.TextStates { State: not TokenState.Hidden });
        return index < stage.Layer || ahead ? index : throw TooLate(signal, stage);
    }

    static ArgumentException TooLate(Signal signal, Stage stage) =>
        new($"The method reads {signal.Description}, but it runs at {stage}, before that layer: read an earlier layer or prune later.");
}
