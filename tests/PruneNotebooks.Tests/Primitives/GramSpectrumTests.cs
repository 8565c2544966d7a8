using CsCheck;
using PruneNotebooks.Primitives;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Primitives;

public sealed class GramSpectrumTests
{
    static double[] Values(Tensor matrices, GramSide side = GramSide.Smaller) => GramSpectrum.Of(matrices, side).data<double>().ToArray();

    [Fact]
    public void Both_sides_have_the_squared_singular_values_and_zeros() => Gen.Select(Gen.Int[1, 9], Gen.Int[1, 9], Gen.ULong).Sample((rows, columns, seed) =>
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(seed);
        var x = randn(rows, columns, generator: generator);
        double[] singular = [.. linalg.svdvals(x.to_type(ScalarType.Float64)).data<double>().ToArray().Select(s => s * s).Order()];
        foreach (var (side, count) in new[] { (GramSide.Smaller, Math.Min(rows, columns)), (GramSide.Rows, rows), (GramSide.Columns, columns) })
        {
            double[] expected = [.. new double[count - singular.Length], .. singular], actual = Values(x, side);
            Assert.Equal(count, actual.Length);
            for (int i = 0; i < count; i++) Assert.Equal(expected[i], actual[i], tolerance: 1e-10 * (1 + singular[^1]));
        }
    }, threads: 1);

    [Fact]
    public void Several_matrices_are_done_at_once()
    {
        using var scope = NewDisposeScope();
        var x = randn(3, 2, 4, 5);
        Assert.Equal([3, 2, 4], GramSpectrum.Of(x).shape);
        foreach (var (expected, actual) in Values(x[1, 1]).Zip(GramSpectrum.Of(x)[1, 1].data<double>().ToArray())) Assert.Equal(expected, actual, tolerance: 1e-10);
    }

    [Fact]
    public void What_is_no_finite_matrix_is_refused()
    {
        using var vector = zeros(4);
        using var bad = zeros(2, 3, 4);
        bad[1, 2, 0] = float.NaN;
        Assert.Contains("this is [4]", Assert.Throws<ArgumentException>(() => GramSpectrum.Of(vector)).Message, StringComparison.Ordinal);
        Assert.Contains("[1, 2, 0] is not finite", Assert.Throws<ArgumentException>(() => GramSpectrum.Of(bad)).Message, StringComparison.Ordinal);
    }
}
