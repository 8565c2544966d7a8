namespace PruneNotebooks.Tokens;

/// <summary>What one step of a plan did to one image.</summary>
public sealed record StageTrace
{
    /// <summary>Where.</summary>
    public required Stage Stage { get; init; }

    /// <summary>Who decided; <see langword="null"/> for a selection that was given.</summary>
    public required ITokenPruner? Pruner { get; init; }

    /// <summary>Which image of the prompt, from 0.</summary>
    public required int Image { get; init; }

    /// <summary>Places (on the image's original grid) of the tokens that arrived, in their order.</summary>
    public required IReadOnlyList<long> Arrived { get; init; }

    /// <summary>Places of the tokens that stayed, ascending.</summary>
    public required IReadOnlyList<long> Kept { get; init; }

    /// <summary>The method's score for each token that arrived; <see langword="null"/> if it has none.</summary>
    public required IReadOnlyList<float>? Scores { get; init; }
}

/// <summary>The tokens of one image of the prompt.</summary>
/// <param name="Tokens">How many tokens the tower makes of it.</param>
/// <param name="Grid">Where they lie; <see langword="null"/> if a class token is among them.</param>
/// <param name="Start">Position of the first of them in the full prompt; <see langword="null"/> if nobody said.</param>
public sealed record ImageTokens(int Tokens, TokenGrid? Grid, int? Start = null);

/// <summary>Time by part of one answer; a single run, not a benchmark.</summary>
/// <param name="Vision">Vision tower and projector.</param>
/// <param name="Selection">All pruners, and gathering what they kept.</param>
/// <param name="Prefill">Decoder over the prompt.</param>
/// <param name="Decode">Decoder over the answer, token by token.</param>
public sealed record StageTimes(TimeSpan Vision, TimeSpan Selection, TimeSpan Prefill, TimeSpan Decode)
{
    /// <summary>All of it.</summary>
    public TimeSpan Total => Vision + Selection + Prefill + Decode;
}

/// <summary>Floating-point operations (a multiplication and an addition count as two) of the matrix products, and bytes of KV cache.</summary>
/// <param name="VisionFlops">Vision tower and projector.</param>
/// <param name="PrefillFlops">Decoder over the prompt and the output head for its last token.</param>
/// <param name="DecodeFlops">Decoder over the answer.</param>
/// <param name="KvCacheBytes">KV cache after the prefill, all layers.</param>
public sealed record ComputeCost(double VisionFlops, double PrefillFlops, double DecodeFlops, long KvCacheBytes);

/// <summary>What happened to the tokens of one prompt on the way to its answer.</summary>
public sealed record PruningTrace
{
    /// <summary>The plan that was followed.</summary>
    public required PruningPlan Plan { get; init; }

    /// <summary>The images of the prompt.</summary>
    public required IReadOnlyList<ImageTokens> Images { get; init; }

    /// <summary>What each step did to each image, in order.</summary>
    public required IReadOnlyList<StageTrace> Stages { get; init; }

    /// <summary>By decoder layer: the positions, in the full prompt, of the tokens that the layer saw in the prefill. Its KV cache holds exactly these.</summary>
    public required IReadOnlyList<IReadOnlyList<long>> Alive { get; init; }

    /// <summary>By decoder layer: how many of those are visual tokens.</summary>
    public required IReadOnlyList<int> VisualTokens { get; init; }

    /// <summary>Layers that computed explicit attention because a method looked at it; all others ran fused attention.</summary>
    public required IReadOnlyList<string> UnfusedLayers { get; init; }

    /// <summary>What it cost.</summary>
    public required ComputeCost Cost { get; init; }

    /// <summary>How long it took.</summary>
    public required StageTimes Times { get; init; }

    /// <summary>Visual tokens before any step.</summary>
    public int AllVisualTokens => Images.Sum(image => image.Tokens);

    /// <summary>Visual tokens that the last decoder layer saw.</summary>
    public int KeptVisualTokens => VisualTokens[^1];

    /// <summary>Mean number of visual tokens per decoder layer: the other thing that "128 tokens" can mean.</summary>
    public double AverageVisualTokens => VisualTokens.Average();

    /// <summary>Places of the tokens of one image that were left at the end.</summary>
    public IReadOnlyList<long> Kept(int image = 0) =>
        Stages.LastOrDefault(s => s.Image == image)?.Kept ?? [.. Enumerable.Range(0, Images[image].Tokens).Select(i => (long)i)];
}
