using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Models;

/// <summary>The signals captured so far for the tokens of one image; tokens that leave, leave here too.</summary>
internal sealed class SignalTable(ModelShape shape)
{
    Dictionary<Signal, Tensor> captured = [];

    public void Add(Signal located, Tensor value) => captured[located] = value;

    /// <summary>The context for a step: every signal that its pruner needs, under the name that the pruner uses.</summary>
    public PruningContext Context(PruningStep step, Tensor features, TokenGrid? grid, IReadOnlyList<long> places, int image, Tensor? text)
    {
        bool full = grid is { } g && g.Count == places.Count;
        var context = new PruningContext(features, grid, full ? null : places) { Image = image };
        foreach (var signal in step.Pruner.Needs)
        {
            if (signal is Signal.Features) continue;
            if (signal is Signal.TextFeatures && text is not null) context.With(signal, text);
            else if (captured.TryGetValue(shape.Locate(signal, step.Stage).Signal, out var value)) context.With(signal, value);
        }
        return context;
    }

    /// <summary>The table of the tokens that stay.</summary>
    /// <param name="kept">Their indices, int64 <c>[K]</c>.</param>
    public SignalTable Keep(Tensor kept) => new(shape)
    {
        captured = captured.ToDictionary(entry => entry.Key, entry => entry.Key.TokenAxis is { } axis ? entry.Value.index_select(axis, kept) : entry.Value),
    };

    /// <summary>A table to which one prompt adds signals of its own.</summary>
    public SignalTable Copy() => new(shape) { captured = new(captured) };
}
