using CsCheck;
using PruneNotebooks.Metrics;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Metrics;

public sealed class LinearCkaTests
{
    static Tensor Draw(int rows, int columns, Generator generator) => randn(rows, columns, ScalarType.Float64, generator: generator);

    [Fact]
    public void Rotation_shift_and_scale_change_nothing_and_both_forms_agree() => Gen.Select(Gen.Int[3, 30], Gen.Int[2, 30], Gen.ULong).Sample((tokens, width, seed) =>
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(seed);
        var (x, y) = (Draw(tokens, width, generator), Draw(tokens, 5, generator));
        var turned = 3 * x.matmul(linalg.qr(Draw(width, width, generator)).Q) + Draw(1, width, generator);
        Assert.Equal(1, LinearCka.Of(x, turned), tolerance: 1e-9);
        double alignment = LinearCka.Of(x, y);
        Assert.InRange(alignment, 0, 1 + 1e-9);
        Assert.Equal(alignment, LinearCka.Of(turned, y), tolerance: 1e-9);
        // Columns of zeros change nothing but the form: more dimensions than tokens.
        Assert.Equal(alignment, LinearCka.Of(cat([x, zeros(tokens, tokens, ScalarType.Float64)], 1), y), tolerance: 1e-9);
    }, iter: 40, threads: 1);

    [Fact]
    public void Directions_that_have_nothing_in_common_have_no_alignment()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new float[,] { { 1 }, { -1 }, { 0 }, { 0 } });
        var y = tensor(new float[,] { { 0 }, { 0 }, { 1 }, { -1 } });
        Assert.Equal(0, LinearCka.Of(x, y));
        // One of two even directions is shared: 1 / sqrt(2).
        Assert.Equal(1 / Math.Sqrt(2), LinearCka.Of(x, cat([x, y], 1)), tolerance: 1e-12);
    }

    [Fact]
    public void Every_layer_is_compared_with_every_other()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(4);
        Tensor[] layers = [Draw(20, 6, generator), Draw(20, 6, generator), Draw(20, 6, generator)];
        double[,] matrix = LinearCka.Matrix(layers);
        for (int i = 0; i < 3; i++)
            for (int j = 0; j < 3; j++)
                Assert.Equal(i == j ? 1 : LinearCka.Of(layers[i], layers[j]), matrix[i, j], tolerance: 1e-12);
    }

    [Fact]
    public void Layers_of_other_tokens_are_refused()
    {
        using var scope = NewDisposeScope();
        Assert.Contains("layer 1 is [4, 3], layer 0 is [5, 3]", Assert.Throws<ArgumentException>(() => LinearCka.Of(zeros(5, 3), zeros(4, 3))).Message, StringComparison.Ordinal);
        Assert.True(double.IsNaN(LinearCka.Of(zeros(5, 3), ones(5, 3))));
    }
}
