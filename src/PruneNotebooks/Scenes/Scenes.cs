namespace PruneNotebooks.Scenes;

/// <summary>The built-in benchmark: small scenes, each drawn from a number, the same on every machine and in every version.</summary>
/// <remarks>
/// Which numbers are for what (published accuracies of scene-llava are on <see cref="HeldOut"/>):
/// <list type="table">
/// <item><term>below 4,000,000,000</term><description>training; the embedded model has seen some of them</description></item>
/// <item><term>from 4,000,000,000</term><description>watched during training, and decisions were taken on them</description></item>
/// <item><term>from 5,000,000,000</term><description>held out: neither trained on nor looked at before the model was finished</description></item>
/// </list>
/// </remarks>
public static class Scenes
{
    /// <summary>The first of the scenes that were watched during training.</summary>
    public const ulong FirstValidationSeed = 4_000_000_000;

    /// <summary>The first of the scenes that are held out for measurements.</summary>
    public const ulong FirstHeldOutSeed = 5_000_000_000;

    /// <summary>Draws one scene.</summary>
    /// <param name="seed">Any number; the same number and options always give the same scene.</param>
    /// <param name="options">What it shows and what is asked; by default as in all published accuracies.</param>
    public static Scene Draw(ulong seed, SceneOptions? options = null) => new(seed, options ?? new());

    /// <summary>Draws scenes of consecutive seeds, each when it is asked for.</summary>
    /// <param name="firstSeed">Seed of the first scene.</param>
    /// <param name="count">How many, 0 or more.</param>
    /// <param name="options">What they show and what is asked; by default as in all published accuracies.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative.</exception>
    public static IEnumerable<Scene> DrawMany(ulong firstSeed, int count, SceneOptions? options = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return Enumerable.Range(0, count).Select(i => Draw(firstSeed + (ulong)i, options));
    }

    /// <summary>The first <paramref name="count"/> scenes that the embedded model has never seen: what accuracy is measured on.</summary>
    /// <param name="count">How many, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is negative.</exception>
    public static IEnumerable<Scene> HeldOut(int count) => DrawMany(FirstHeldOutSeed, count);
}
