using PruneNotebooks.Tokens;

namespace PruneNotebooks.Models.Shapes;

/// <summary>The size of a vision transformer.</summary>
public sealed record TowerShape
{
    /// <summary>Number of blocks.</summary>
    public required int Blocks { get; init; }

    /// <summary>Blocks that must run to get the visual tokens: LLaVA takes them from the last but one.</summary>
    public required int BlocksUsed { get; init; }

    /// <summary>One of the blocks.</summary>
    public required BlockShape Block { get; init; }

    /// <summary>Side of a square patch, in pixels.</summary>
    public required int PatchSize { get; init; }

    /// <summary>From the numbers of a patch to its embedding.</summary>
    public required LinearShape PatchEmbedding { get; init; }

    /// <summary>Tokens beside the patches: a class token, a distillation token.</summary>
    public int ExtraTokens { get; init; }

    /// <summary>Side of the square windows that attention stays in, in patches; 0 if it sees all of the picture.</summary>
    public int Window { get; init; }

    /// <summary>Blocks whose attention sees all of the picture although the others have windows (Qwen2.5-VL).</summary>
    public IReadOnlyList<int> UnwindowedBlocks { get; init; } = [];

    /// <summary>Weights that are in no block: embeddings of patches, positions and extra tokens, norms before and after.</summary>
    public required long OtherParameters { get; init; }

    /// <summary>All weights.</summary>
    public long Parameters => Blocks * Block.Parameters + PatchEmbedding.Parameters + OtherParameters;

    /// <summary>Embedding the patches.</summary>
    /// <param name="input">What the tower sees.</param>
    /// <param name="bytesPerNumber">Bytes of a weight and of an activation.</param>
    public Work Embed(VisualInput input, int bytesPerNumber)
    {
        ArgumentNullException.ThrowIfNull(input);
        return PatchEmbedding.Work((double)input.Crops * input.Patches.Count, bytesPerNumber);
    }

    /// <summary>One block over all crops, which do not see each other.</summary>
    /// <param name="block">Which, 0-based.</param>
    /// <param name="input">What the tower sees.</param>
    /// <param name="patches">Patches alive in that block in each crop, where some have left; all if <see langword="null"/>.</param>
    /// <param name="bytesPerNumber">Bytes of a weight and of an activation.</param>
    /// <exception cref="NotSupportedException">Patches have left a tower with windows.</exception>
    public Work Pass(int block, VisualInput input, int? patches, int bytesPerNumber)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (Window > 0 && patches is not null)
            throw new NotSupportedException($"The tower attends in windows of {Window} x {Window} patches: what it costs after patches left depends on which ones, so count from the projector on.");
        double tokens = (patches ?? input.Patches.Count) + ExtraTokens;
        double keys = Window > 0 && !UnwindowedBlocks.Contains(block) ? MeanWindow(input.Patches) : tokens;
        return new(input.Crops * Block.Flops(tokens, keys), Block.PassBytes(input.Crops * tokens, bytesPerNumber));
    }

    // Windows at the lower and right edge are what is left there. A patch sees as many as its window has.
    double MeanWindow(TokenGrid patches) => MeanRun(patches.Height) * MeanRun(patches.Width);

    double MeanRun(int side)
    {
        int full = side / Window, rest = side % Window;
        return (full * (double)Window * Window + rest * rest) / side;
    }
}
