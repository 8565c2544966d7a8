using PruneNotebooks.Tokens;

namespace PruneNotebooks.Models.Shapes;

/// <summary>What one prompt and its answer cost, part by part and layer by layer.</summary>
public sealed record CostReport
{
    /// <summary>Embedding the patches.</summary>
    public required Work PatchEmbedding { get; init; }

    /// <summary>By block of the tower that runs, all crops together.</summary>
    public required IReadOnlyList<Work> Tower { get; init; }

    /// <summary>From patches to visual tokens.</summary>
    public required Work Projector { get; init; }

    /// <summary>By decoder layer: reading the prompt.</summary>
    public required IReadOnlyList<Work> Prefill { get; init; }

    /// <summary>The first token's logits, or the classes of a classifier.</summary>
    public required Work PrefillHead { get; init; }

    /// <summary>By decoder layer: all further tokens of the answer.</summary>
    public required IReadOnlyList<Work> Decode { get; init; }

    /// <summary>Their logits.</summary>
    public required Work DecodeHead { get; init; }

    /// <summary>By decoder layer: bytes of KV cache after the prefill.</summary>
    public required IReadOnlyList<long> KvCacheBytes { get; init; }

    /// <summary>By decoder layer: visual tokens alive.</summary>
    public required IReadOnlyList<int> VisualTokens { get; init; }

    /// <summary>Mean number of visual tokens per decoder layer: the other thing that "128 tokens" can mean.</summary>
    public double AverageVisualTokens => VisualTokens.Count > 0 ? VisualTokens.Average() : 0;

    /// <summary>Tower and projector.</summary>
    public Work Vision => PatchEmbedding + Work.Sum(Tower) + Projector;

    /// <summary>Decoder and head over the prompt.</summary>
    public Work WholePrefill => Work.Sum(Prefill) + PrefillHead;

    /// <summary>Decoder and head over the answer.</summary>
    public Work WholeDecode => Work.Sum(Decode) + DecodeHead;

    /// <summary>All of it.</summary>
    public Work Total => Vision + WholePrefill + WholeDecode;

    /// <summary>The same in the four numbers that an answer's trace has.</summary>
    public ComputeCost Summary => new(Vision.Flops, WholePrefill.Flops, WholeDecode.Flops, KvCacheBytes.Sum());

    internal static CostReport Of(NetworkShape network, VisualInput input, int textTokens, int answerTokens, PruningPlan plan, int bytes)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentOutOfRangeException.ThrowIfNegative(textTokens);
        ArgumentOutOfRangeException.ThrowIfLessThan(answerTokens, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(bytes, 1);
        input = Shown(input, plan, network.Projector?.Merge ?? 1);
        var inTower = plan.Steps.Where(step => step.Stage.Where == Stage.Part.Vision).ToArray();
        CheckLayers(plan, Stage.Part.Vision, network.Tower?.BlocksUsed ?? 0);
        CheckLayers(plan, Stage.Part.Decoder, network.Decoder?.Layers ?? 0);
        if (inTower.Length > 0 && input.Crops > 1)
            throw new NotSupportedException($"The plan prunes at {inTower[0].Stage} and the picture is seen as {input.Crops} crops: how a budget is shared among crops is up to a method. Prune from the projector on.");

        int[] patches = [.. Enumerable.Range(0, (network.Tower?.BlocksUsed ?? 0) + 1).Select(block => Living(input.Patches.Count, inTower.Where(step => step.Stage <= Stage.Vision(block))))];
        int projected = Living(patches[^1], plan.Steps.Where(step => step.Stage == Stage.Tower));
        Work Block(int block) => network.Tower!.Pass(block, input, inTower.Length > 0 ? patches[block] : null, bytes);

        int[] visual = network.Decoder is { } sees ? [.. plan.VisualTokens(input.Tokens, sees.Layers).ByLayer] : [];
        int[] alive = [.. visual.Select(tokens => tokens + textTokens)];
        var head = network.Decoder?.Head;
        return new()
        {
            PatchEmbedding = network.Tower?.Embed(input, bytes) ?? default,
            Tower = [.. Enumerable.Range(0, network.Tower?.BlocksUsed ?? 0).Select(Block)],
            Projector = network.Projector is { } projector ? projector.Work(projector.Rows(input.Crops, projected), bytes) : default,
            Prefill = [.. alive.Select(tokens => network.Decoder!.Prefill(tokens, bytes))],
            PrefillHead = head?.Work(1, bytes) ?? Work.Sum(network.Classifiers.Select(classifier => classifier.Work(1, bytes))),
            Decode = [.. alive.Select(tokens => network.Decoder!.Decode(tokens, answerTokens, bytes))],
            DecodeHead = head is null ? default : Times(head.Work(1, bytes), answerTokens - 1),
            KvCacheBytes = [.. alive.Select(tokens => tokens * network.Decoder!.Block.KvBytes(bytes))],
            VisualTokens = visual,
        };
    }

    // As the tower sees it: a picture that was made smaller has fewer patches from the start.
    static VisualInput Shown(VisualInput input, PruningPlan plan, int merge)
    {
        var whole = new TokenGrid(input.Patches.Height / merge, input.Patches.Width / merge);
        var shown = plan.PictureGrid(whole);
        if (shown == whole) return input;
        return input.Crops == 1
            ? input with { Patches = new TokenGrid(shown.Height * merge, shown.Width * merge) }
            : throw new NotSupportedException($"The plan makes the picture smaller and it is seen as {input.Crops} crops: how a budget is shared among crops is up to a method.");
    }

    static int Living(int tokens, IEnumerable<PruningStep> steps) => steps.Aggregate(tokens, (living, step) => step.Budget.Resolve(living));

    static Work Times(Work work, int times) => new(work.Flops * times, work.Bytes * times);

    static void CheckLayers(PruningPlan plan, Stage.Part part, int layers)
    {
        foreach (var step in plan.Steps.Where(step => step.Stage.Where == part && step.Stage.Layer >= layers))
            throw new ArgumentException(layers == 0 ? $"The plan prunes at {step.Stage}, but the model has no such part." : $"The plan prunes at {step.Stage}, but layers 0 to {layers - 1} run.", nameof(plan));
    }
}
