using PruneNotebooks.Parts;

namespace PruneNotebooks.Pruners;

/// <summary>Control: tokens chosen at random. Whatever a method gains, it must gain over this.</summary>
/// <remarks>
/// The seed, the number of tokens and the image's place in the prompt decide, not the picture: the same on every device and in every run, and for one seed a smaller budget
/// keeps a subset of a larger one. The images of one prompt draw independently; for independent draws in several prompts give each its own seed.
/// </remarks>
public sealed record RandomTokens : ComposedMethod
{
    /// <summary>The same seed gives the same tokens.</summary>
    public long Seed { get; init; }

    /// <inheritdoc/>
    public override Composition Parts => Score.Random(Seed).Then(Choose.Top);
}
