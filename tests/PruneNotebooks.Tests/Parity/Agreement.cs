using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Parity;

/// <summary>Agreement with the reference: |a - b| &lt;= tolerance * max(1, |b|).</summary>
static class Agreement
{
    public static void Check(string name, Tensor actual, Tensor expected, double tolerance = 1e-4)
    {
        using var scope = NewDisposeScope();
        var (a, b) = (actual.to(ScalarType.Float64), expected.to(ScalarType.Float64));
        Assert.True(a.shape.SequenceEqual(b.shape), $"{name} is [{string.Join(", ", a.shape)}], the reference is [{string.Join(", ", b.shape)}]");
        if (b.numel() == 0) return;
        double worst = ((a - b).abs() / b.abs().clamp_min(1)).max().item<double>();
        Assert.True(worst <= tolerance, $"{name} differs by {worst:g3}, more than {tolerance:g3}");
    }

    public static void Check(string name, IEnumerable<long> actual, IEnumerable<long> expected) =>
        Assert.True(actual.SequenceEqual(expected), $"{name} is {string.Join(' ', actual)}, the reference is {string.Join(' ', expected)}");
}
