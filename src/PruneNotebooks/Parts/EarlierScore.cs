using System.Globalization;
using PruneNotebooks.Runtime;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Parts;

public abstract partial record Score
{
    /// <summary>The scores of the step before, for methods that score once and prune several times.</summary>
    public static Score Earlier { get; } = new EarlierScore();

    /// <summary>A running average over steps: this score and those of the step before.</summary>
    /// <param name="decay">The share of the earlier scores.</param>
    public Score AveragedWithEarlier(double decay = 0.5) => new RunningAverage(this, decay);
}

/// <summary>The scores of the step before.</summary>
public sealed record EarlierScore : Score
{
    /// <inheritdoc/>
    public override Signals Needs => new Signal.EarlierScores();

    /// <inheritdoc/>
    public override Tensor Of(PruningContext context) => context?[new Signal.EarlierScores()].alias() ?? throw new ArgumentNullException(nameof(context));

    /// <inheritdoc/>
    public override string ToString() => "scores of the step before";
}

/// <summary><c>decay * earlier + (1 - decay) * now</c>.</summary>
/// <param name="Now">The score of this step.</param>
/// <param name="Decay">The share of the earlier scores.</param>
public sealed record RunningAverage(Score Now, double Decay) : Score
{
    /// <inheritdoc/>
    public override Signals Needs => Earlier.Needs.And(Now.Needs);

    /// <inheritdoc/>
    public override Tensor Of(PruningContext context) =>
        Earlier.Of(context).mul(Decay.ToCachedScalar()).add_(Now.Of(context).mul((1 - Decay).ToCachedScalar()));

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Now}, averaged over steps ({Decay:0.##})");
}
