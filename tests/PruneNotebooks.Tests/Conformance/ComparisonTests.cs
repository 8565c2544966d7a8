using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Conformance;

/// <summary>The harness itself: it must see what is wrong.</summary>
public sealed class ComparisonTests
{
    static void Check(Tensor expected, Tensor actual, double tolerance = 1e-3) => Comparison.Check("x", expected, actual, tolerance);

    static string Failure(Tensor expected, Tensor actual) => Assert.ThrowsAny<Exception>(() => Check(expected, actual)).Message;

    [Fact]
    public void Floats_may_differ_by_the_tolerance_relative_to_one_or_to_the_expected()
    {
        Check(tensor(new[] { 0.5f, 1000 }), tensor(new[] { 0.5009f, 1000.9f }));
        Check(tensor(new[] { float.NaN, float.PositiveInfinity }), tensor(new[] { double.NaN, double.PositiveInfinity }));
        Assert.Contains("differs in 1 of 2 places, first at 1", Failure(tensor(new[] { 0.5f, 0.5f }), tensor(new[] { 0.5f, 0.502f })), StringComparison.Ordinal);
        Assert.Contains("first at 0", Failure(tensor(new[] { 1f }), tensor(new[] { float.NaN })), StringComparison.Ordinal);
        Assert.Contains("first at 0", Failure(tensor(new[] { float.PositiveInfinity }), tensor(new[] { float.MaxValue })), StringComparison.Ordinal);
    }

    [Fact]
    public void Whole_numbers_are_equal_or_wrong() =>
        Assert.Contains("expected 1000000, got 1000001", Failure(tensor(new[] { 1_000_000L }), tensor(new[] { 1_000_001L })), StringComparison.Ordinal);

    [Fact]
    public void Shape_and_kind_must_agree()
    {
        Assert.Contains("shape [2]", Failure(zeros(2), zeros(2, 1)), StringComparison.Ordinal);
        Assert.Contains("should be Int64", Failure(zeros(2, ScalarType.Int64), zeros(2)), StringComparison.Ordinal);
        Check(zeros(0, ScalarType.Int64), zeros(0, ScalarType.Int64));
    }

    [Fact]
    public void An_output_or_adapter_that_is_not_there_is_a_failure()
    {
        Assert.Contains("does not compute 'order'; it computes keep", Assert.ThrowsAny<Exception>(() => new Outputs { { "keep", new long[] { 1 } } }["order"]).Message, StringComparison.Ordinal);
        Assert.Contains("no adapter for 'dance' of fastv", Assert.ThrowsAny<Exception>(() => Adapters.Of("fastv", "dance")).Message, StringComparison.Ordinal);
    }
}
