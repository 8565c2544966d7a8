using PruneNotebooks.Primitives;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Parts;

public abstract partial record Score
{
    /// <summary>A random order. The seed, the number of tokens and the image's place in the prompt decide, not the picture; the images of one prompt draw independently.</summary>
    /// <param name="seed">The same seed gives the same tokens.</param>
    public static Score Random(long seed = 0) => new RandomScores(seed);
}

/// <summary>Places in a random order (<see cref="SeededOrder"/>): the first scores highest.</summary>
/// <param name="Seed">The same seed gives the same order.</param>
public sealed record RandomScores(long Seed) : Score
{
    /// <inheritdoc/>
    public override Signals Needs => Signals.None;

    /// <inheritdoc/>
    public override Tensor Of(PruningContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        long[] order = SeededOrder.Of(context.Tokens, unchecked(Seed + context.Image * 0x5851F42D4C957F2D));
        float[] scores = new float[order.Length];
        for (int place = 0; place < order.Length; place++) scores[order[place]] = order.Length - place;
        return tensor(scores);
    }

    /// <inheritdoc/>
    public override string ToString() => $"a lottery (seed {Seed})";
}
