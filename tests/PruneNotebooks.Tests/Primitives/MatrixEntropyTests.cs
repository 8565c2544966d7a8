using PruneNotebooks.Primitives;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Primitives;

public sealed class MatrixEntropyTests
{
    [Fact]
    public void Tokens_on_the_corners_of_a_cross_fill_their_dimensions_evenly()
    {
        // +e_i and -e_i for two of four dimensions: two equal eigenvalues, ln 2 / ln 4.
        using var cross = tensor(new float[,] { { 3, 0, 0, 0 }, { -3, 0, 0, 0 }, { 0, 3, 0, 0 }, { 0, -3, 0, 0 } });
        Assert.Equal(0.5, MatrixEntropy.OfLayer(cross), tolerance: 1e-12);
        using var scope = NewDisposeScope();
        var all = cat([eye(4), -eye(4)]);
        Assert.Equal(1, MatrixEntropy.OfLayer(all), tolerance: 1e-12);
        Assert.Equal(1, MatrixEntropy.OfLayer(all.to_type(ScalarType.BFloat16)), tolerance: 1e-12);
    }

    [Fact]
    public void Tokens_that_are_alike_or_on_one_line_have_none()
    {
        using var scope = NewDisposeScope();
        Assert.Equal(0, MatrixEntropy.OfLayer(ones(6, 4)));
        Assert.Equal(0, MatrixEntropy.OfLayer(ones(1, 4)));
        Assert.Equal(0, MatrixEntropy.OfLayer(arange(6, ScalarType.Float32).unsqueeze(1) * ones(1, 4) + 7), tolerance: 1e-9);
    }

    [Fact]
    public void A_layers_entropy_is_between_0_and_1_and_does_not_see_scale_shift_or_rotation()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        foreach (var (tokens, width) in new[] { (40, 12), (12, 40) })
        {
            var x = randn(tokens, width, ScalarType.Float64, generator: generator);
            double entropy = MatrixEntropy.OfLayer(x);
            Assert.InRange(entropy, 0.1, 1);
            var turn = linalg.qr(randn(width, width, ScalarType.Float64, generator: generator)).Q;
            Assert.Equal(entropy, MatrixEntropy.OfLayer(5 * x.matmul(turn) + randn(1, width, ScalarType.Float64, generator: generator)), tolerance: 1e-9);
        }
    }

    [Fact]
    public void A_tokens_entropy_is_that_of_its_heads()
    {
        // Two heads, +z and -z: the centred Gram matrix / 2 has the eigenvalues |z|^2 = 1 / e and 0. Its entropy is 1 / e, the largest there is.
        using var scope = NewDisposeScope();
        var z = tensor(new[] { Math.Exp(-0.5), 0, 0 });
        var heads = stack([z, -z]).unsqueeze(1) + 7;
        Assert.Equal(Math.Exp(-1) / Math.Log(2), MatrixEntropy.OfTokens(heads).item<double>(), tolerance: 1e-7);
        Assert.True(MatrixEntropy.OfTokens(100 * heads).item<double>() < -1000);
    }

    [Fact]
    public void Primal_and_dual_agree()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(5);
        var heads = randn(6, 50, 16, generator: generator);
        double[] dual = MatrixEntropy.OfTokens(heads).data<double>().ToArray(), primal = MatrixEntropy.OfTokens(heads, side: GramSide.Columns).data<double>().ToArray();
        for (int i = 0; i < dual.Length; i++) Assert.Equal(dual[i], primal[i], tolerance: 1e-6);
    }

    [Fact]
    public void Neighbouring_dimensions_can_be_averaged()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(5);
        var narrow = randn(4, 9, 8, generator: generator);
        var wide = narrow.repeat_interleave(3, dim: 2);
        Assert.Equal(MatrixEntropy.OfTokens(narrow).data<double>().ToArray(), MatrixEntropy.OfTokens(wide, groupedSize: 8).data<double>().ToArray(), (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.Contains("24 dimensions cannot be averaged down to 7", Assert.Throws<ArgumentException>(() => MatrixEntropy.OfTokens(wide, 7)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_has_no_entropy_is_refused()
    {
        using var one = zeros(1, 4, 8);
        Assert.Contains("two heads or more; they are [1, 4, 8]", Assert.Throws<ArgumentException>(() => MatrixEntropy.OfTokens(one)).Message, StringComparison.Ordinal);
        Assert.Contains("they are [1, 4, 8]", Assert.Throws<ArgumentException>(() => MatrixEntropy.OfLayer(one)).Message, StringComparison.Ordinal);
    }
}
