using System.Globalization;
using PruneNotebooks.Primitives;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Parts;

public abstract partial record Score
{
    /// <summary>How strongly the projector responds when the tower's output for a token is moved a little along random directions.</summary>
    /// <param name="directions">How many directions; all tokens are moved along the same ones.</param>
    /// <param name="step">How far they are moved.</param>
    /// <param name="seed">The same seed gives the same directions.</param>
    public static Score Sensitivity(int directions = 64, double step = 0.01, long seed = 0) => new SensitivityScore(directions, step, seed);
}

/// <summary>Response of the projector (<see cref="ProjectorSensitivity"/>).</summary>
/// <param name="Directions">How many directions.</param>
/// <param name="Step">How far tokens are moved.</param>
/// <param name="Seed">Decides the directions.</param>
public sealed record SensitivityScore(int Directions, double Step, long Seed) : Score
{
    static readonly Signal Tower = new Signal.VisionFeatures();

    /// <inheritdoc/>
    public override Signals Needs => Tower;

    /// <inheritdoc/>
    public override Tensor Of(PruningContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        using var scope = NewDisposeScope();
        var tower = context[Tower];
        var directions = ProjectorSensitivity.Directions(Directions, tower.shape[1], Seed, tower.device);
        return ProjectorSensitivity.Of(tower, context.Projector, directions, Step).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"the projector's response to {Directions} moves of {Step:0.####}");
}
