using static TorchSharp.torch;

namespace PruneNotebooks.Benchmarks;

/// <summary>When two results count as the same; each rule says what is wrong, or <see langword="null"/>.</summary>
internal static class Agreement
{
    /// <summary>The same tokens: rows that were copied, to the bit.</summary>
    public static string? SameTokens(Tensor expected, Tensor actual)
    {
        if (SameShape(expected, actual) is { } shape) return shape;
        using var scope = NewDisposeScope();
        long different = expected.ne(actual).any(1).sum().item<long>();
        return different == 0 ? null : $"{different} of {expected.shape[0]} rows are other tokens.";
    }

    /// <summary>As many tokens: all that two different random generators have in common.</summary>
    public static string? SameShape(Tensor expected, Tensor actual) => expected.shape.SequenceEqual(actual.shape)
        ? null
        : $"one gives [{string.Join(", ", expected.shape)}], the other [{string.Join(", ", actual.shape)}].";

    /// <summary>The same numbers, up to rounding.</summary>
    /// <param name="tolerance">Largest difference, relative to the largest number.</param>
    public static Func<Tensor, Tensor, string?> Close(double tolerance) => (expected, actual) =>
    {
        if (SameShape(expected, actual) is { } shape) return shape;
        using var scope = NewDisposeScope();
        double off = ((actual - expected).abs().max() / expected.abs().max()).to(ScalarType.Float64).item<double>();
        return off <= tolerance ? null : $"the largest difference is {off:g3} of the largest number, more than {tolerance:g3}.";
    };
}
