using PruneNotebooks.Primitives;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Primitives;

public sealed class PatchEntropyTests
{
    [Fact]
    public void One_grey_level_is_no_bit_and_two_are_one()
    {
        using var scope = NewDisposeScope();
        var pixels = zeros(3, 4, 8);
        pixels[.., .., 4..6] = 1;       // half of the second patch is white
        double[] entropy = PatchEntropy.Of(pixels, 4).data<double>().ToArray();
        Assert.Equal(0, entropy[0], tolerance: 1e-8);
        Assert.Equal(1, entropy[1], tolerance: 1e-8);
    }

    [Fact]
    public void Every_grey_level_once_is_eight_bits()
    {
        using var scope = NewDisposeScope();
        // A hair above k / 255, so that cutting down gives k.
        var grey = (arange(256, ScalarType.Float32) / 255 + 1e-5f).clamp_max(1).reshape(1, 16, 16).expand(3, 16, 16);
        Assert.Equal(8, PatchEntropy.Of(grey, 16).item<double>(), tolerance: 1e-6);
    }

    [Fact]
    public void Pixels_that_are_normalised_or_do_not_fill_patches_are_refused()
    {
        using var scope = NewDisposeScope();
        Assert.Contains("from -1 to 1. Give them before", Assert.Throws<ArgumentException>(() => PatchEntropy.Of(2 * eye(4).expand(3, 4, 4) - 1, 2)).Message, StringComparison.Ordinal);
        Assert.Contains("do not fill a picture of 4 x 6", Assert.Throws<ArgumentOutOfRangeException>(() => PatchEntropy.Of(zeros(3, 4, 6), 4)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => PatchEntropy.Of(full([3, 4, 4], double.NaN), 4));
    }
}
