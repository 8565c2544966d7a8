using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Models;

/// <summary>Decoder layers in a row that see the same tokens.</summary>
/// <param name="First">The first of them.</param>
/// <param name="Alive">By sequence: the living positions in its full prompt, in the order of the sequence.</param>
/// <param name="Valid">Which keys are tokens rather than padding, bool <c>[B, S]</c>; <see langword="null"/> if all are.</param>
internal sealed record Segment(int First, long[][] Alive, Tensor? Valid);

/// <summary>A batch of prompts after the decoder has read them: what is needed to go on, and to look into it.</summary>
public sealed class Prefill : IDisposable
{
    readonly IReadOnlyList<Segment> segments;
    readonly PruningPlan plan;
    readonly IReadOnlyList<EncodedPrompt> prompts;

    internal Prefill(IReadOnlyList<EncodedPrompt> prompts, PruningPlan plan, IReadOnlyList<Segment> segments, KvCache cache, Tensor hidden, Tensor logits) =>
        (this.prompts, this.plan, this.segments, Cache, Hidden, Logits) = (prompts, plan, segments, cache, hidden, logits);

    /// <summary>Keys and values of every layer.</summary>
    public KvCache Cache { get; }

    /// <summary>Output of the last layer before the final norm, <c>[B, T, D]</c>, padded on the left.</summary>
    public Tensor Hidden { get; }

    /// <summary>Logits after the last token of each prompt, float32 <c>[B, vocabulary]</c>.</summary>
    public Tensor Logits { get; }

    /// <summary>The positions, in the full prompt, of the tokens that a layer saw.</summary>
    public IReadOnlyList<long> Alive(int layer, int prompt = 0) => SegmentOf(layer).Alive[prompt];

    /// <summary>The position ids of those tokens.</summary>
    public IReadOnlyList<long> PositionIds(int layer, int prompt = 0) =>
        plan.Positions == Positions.Keep ? Alive(layer, prompt) : [.. Enumerable.Range(0, Alive(layer, prompt).Count).Select(i => (long)i)];

    internal IReadOnlyList<Segment> Segments => segments;

    internal Segment SegmentOf(int layer) => segments.Last(segment => segment.First <= layer);

    /// <summary>Position ids of the n-th generated token in the layers of a segment, int64 <c>[B, 1]</c>.</summary>
    internal Tensor NextPositions(Segment segment, int generated) => tensor(
        [.. Enumerable.Range(0, prompts.Count).Select(b => generated + (plan.Positions == Positions.Keep ? prompts[b].Ids.Count : (long)segment.Alive[b].Length))],
        [prompts.Count, 1], ScalarType.Int64, Hidden.device);

    /// <inheritdoc/>
    public void Dispose()
    {
        Cache.Dispose();
        Hidden.Dispose();
        Logits.Dispose();
        foreach (var segment in segments) segment.Valid?.Dispose();
    }
}
