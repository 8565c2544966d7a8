using PruneNotebooks.Primitives;
using PruneNotebooks.Runtime;
using PruneNotebooks.Tokens;
using static TorchSharp.torch;

namespace PruneNotebooks.Parts;

public abstract partial record Score
{
    /// <summary>Two scores on one scale: each as a share of its sum over the tokens, weighed; with equal weights their plain sum.</summary>
    /// <param name="first">A score that is not negative.</param>
    /// <param name="second">Another.</param>
    /// <param name="weight">Weight of the first, 0 to 1; the second has the rest.</param>
    public static Score Shares(Score first, Score second, double weight = 0.5) => new WeightedShares(first, second, weight);
}

/// <summary><c>2 w a / sum(a) + 2 (1 - w) b / sum(b)</c>.</summary>
/// <param name="First">a.</param>
/// <param name="Second">b.</param>
/// <param name="Weight">w.</param>
public sealed record WeightedShares(Score First, Score Second, double Weight) : Score
{
    const double Epsilon = 1e-8;

    /// <inheritdoc/>
    public override Signals Needs => First.Needs.And(Second.Needs);

    /// <inheritdoc/>
    public override Tensor Of(PruningContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        using var scope = NewDisposeScope();
        return Share(First, 2 * Weight).add_(Share(Second, 2 * (1 - Weight))).MoveToOuterDisposeScope();

        Tensor Share(Score score, double weight)
        {
            var values = score.Of(context);
            FiniteTokens.Check(values, 0, nameof(context));
            return values.div(values.sum().add_(Epsilon.ToCachedScalar())).mul_(weight.ToCachedScalar());
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"shares of {First} and of {Second}";
}
