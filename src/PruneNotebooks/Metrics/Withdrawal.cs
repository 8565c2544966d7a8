using System.Globalization;

namespace PruneNotebooks.Metrics;

/// <summary>How many answers stay right when all visual tokens are withdrawn from a decoder layer on: until which layer a model reads the picture.</summary>
/// <param name="ByLayer">For K = 0, 1 ... L: right answers when text sees the picture in the first K layers only; the last entry is the model as it is.</param>
public sealed record Withdrawal(IReadOnlyList<Proportion> ByLayer)
{
    /// <summary>Right answers of the model as it is.</summary>
    public Proportion Full => ByLayer[^1];

    /// <summary>The smallest K from which on accuracy stays within <paramref name="tolerance"/> of the full model's: the picture is not needed at or behind it.</summary>
    /// <param name="tolerance">A difference of accuracies, 0 to 1; one point if not given.</param>
    /// <returns>0 to the number of layers, which means that the last layer still needs the picture.</returns>
    public int Horizon(double tolerance = 0.01)
    {
        if (!(tolerance >= 0)) throw new ArgumentOutOfRangeException(nameof(tolerance), tolerance, "A difference of accuracies is expected, 0 or more.");
        return ByLayer.Count - ByLayer.Reverse().TakeWhile(right => Math.Abs(right.Value - Full.Value) <= tolerance + 1e-12).Count();
    }

    /// <summary>Such as "94.4 % with the picture, horizon 9 of 10 layers".</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{100 * Full.Value:0.0} % right with the picture in every layer, horizon {Horizon()} of {ByLayer.Count - 1} layers");
}
