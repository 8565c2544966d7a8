using PruneNotebooks.Primitives;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Primitives;

public sealed class GroundingLabelsTests
{
    [Fact]
    public void A_box_is_pixels_or_shares_or_has_width_and_height()
    {
        using var plain = full(56, 56, 3, 100f);
        float[] pixels = GroundingLabels.Of(plain, [28, 0, 56, 14]).Box;
        // Top right block: its two upper patches lie in the box.
        Assert.Equal([0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], pixels);
        Assert.Equal(pixels, GroundingLabels.Of(plain, [0.5, 0, 1, 0.25]).Box);
        Assert.Equal(pixels, GroundingLabels.Of(plain, [28, 0, 27, 14]).Box.Select(share => MathF.Round(share)));
        Assert.Equal(0.5f, GroundingLabels.Of(plain, [0, 0, 7, 14]).Box[0]);
    }

    [Fact]
    public void Plain_surface_weighs_little_and_what_differs_weighs_one()
    {
        using var picture = zeros(56, 84, 3);
        picture.narrow(0, 0, 28).narrow(1, 0, 28).fill_(255);
        var labels = GroundingLabels.Of(picture, [0, 0, 0, 0]);
        float plain = (float)(1 / Math.Log(6));
        Assert.Equal([1, plain, plain, plain, plain, plain], labels.Graph.Where((_, patch) => patch % 4 == 0));
        Assert.Equal(0f, labels.Labels[0]);
        Assert.Equal(plain - 1, labels.Labels[1], tolerance: 1e-6f);
        Assert.Contains("whole blocks of 28", Assert.Throws<ArgumentException>(() => GroundingLabels.Of(picture.narrow(0, 0, 30), [0, 0, 1, 1])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_difference_counts_twice()
    {
        // 28 x 28 x 3 values that differ by d: sqrt(2 * 2352) d = 2 at d = 0.02916, about 7.4 of 255.
        using var picture = zeros(28, 56, 3);
        picture.narrow(1, 28, 28).fill_(7);
        Assert.Equal(1 / MathF.Log(3), GroundingLabels.Of(picture, [0, 0, 0, 0]).Graph[0], tolerance: 1e-6f);
        picture.narrow(1, 28, 28).fill_(8);
        Assert.Equal(1f, GroundingLabels.Of(picture, [0, 0, 0, 0]).Graph[0]);
    }
}
