using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Models;

/// <summary>The signals captured so far for the tokens of one image; tokens that leave, leave here too.</summary>
internal sealed class SignalTable(ModelShape shape)
{
    Dictionary<Signal, Tensor> captured = [];

    public void Add(Signal located, Tensor value) => captured[located] = value;

    /// <summary>The context for a step: every signal that its pruner needs, under the name that the pruner uses.</summary>
    public PruningContext Context(PruningStep step, ArrivingImage image)
    {
        bool full = image.Grid is { } g && g.Count == image.Places.Count && image.Places.Select((place, i) => place == i).All(same => same);
        var context = new PruningContext(image.Features, image.Grid, full ? null : image.Places) { Image = image.Number, Projector = image.Projector! };
        foreach (var signal in step.Pruner.Needs)
        {
            if (signal is Signal.Features) continue;
            if (captured.TryGetValue(shape.Locate(signal, step.Stage).Signal, out var value)) context.With(signal, value);
            else if (image.Text?.Find(signal) is { } text) context.With(signal, text);
            else if (signal is Signal.VisualEmbeddings) context.With(signal, image.Features);
            else if (signal is Signal.TokenSizes) context.With(signal, ones(image.Places.Count, ScalarType.Float32, image.Features.device));
        }
        return context;
    }

    /// <summary>The table of the tokens that stay.</summary>
    /// <param name="kept">Their indices, int64 <c>[K]</c>, in the order in which they go on.</param>
    /// <param name="selection">What was decided about them: its scores and sizes are signals for later steps.</param>
    public SignalTable Keep(Tensor kept, TokenSelection selection)
    {
        var left = new SignalTable(shape)
        {
            captured = captured.ToDictionary(entry => entry.Key, entry => entry.Key.TokenAxis is { } axis ? entry.Value.index_select(axis, kept) : entry.Value),
        };
        if (selection.Scores is { } scores) left.Add(new Signal.EarlierScores(), tensor([.. scores], ScalarType.Float32, kept.device).index_select(0, kept));
        if (selection.Sizes is { } sizes) left.Add(new Signal.TokenSizes(), tensor([.. sizes], ScalarType.Float32, kept.device));
        return left;
    }

    /// <summary>The sizes of the tokens, if a method counted them.</summary>
    public Tensor? Sizes => captured.GetValueOrDefault(new Signal.TokenSizes());

    /// <summary>A table to which one prompt adds signals of its own.</summary>
    public SignalTable Copy() => new(shape) { captured = new(captured) };
}
