using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Conformance;

/// <summary>Golden comparison: whole numbers exactly, floats within <c>tolerance * max(1, |expected|)</c>.</summary>
static class Comparison
{
    public static void Check(string name, Tensor expected, Tensor actual, double tolerance)
    {
        if (!expected.shape.SequenceEqual(actual.shape))
            Assert.Fail($"'{name}' should have the shape [{string.Join(", ", expected.shape)}] and has [{string.Join(", ", actual.shape)}].");
        if (expected.is_floating_point() != actual.is_floating_point())
            Assert.Fail($"'{name}' should be {expected.dtype} and is {actual.dtype}.");
        double[] wanted = Numbers(expected), got = Numbers(actual);
        if (!expected.is_floating_point()) tolerance = 0;
        int[] wrong = [.. Enumerable.Range(0, wanted.Length).Where(i => !Close(wanted[i], got[i], tolerance))];
        if (wrong.Length > 0)
            Assert.Fail($"'{name}' differs in {wrong.Length} of {wanted.Length} places, first at {wrong[0]}: expected {wanted[wrong[0]]:R}, got {got[wrong[0]]:R} (tolerance {tolerance}).");
    }

    static bool Close(double wanted, double got, double tolerance) => double.IsFinite(wanted)
        ? Math.Abs(wanted - got) <= tolerance * Math.Max(1, Math.Abs(wanted))
        : wanted.Equals(got);

    static double[] Numbers(Tensor tensor) => tensor.NumberOfElements == 0 ? [] : tensor.to_type(ScalarType.Float64).cpu().contiguous().data<double>().ToArray();
}
