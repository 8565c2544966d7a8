using PruneNotebooks.Metrics;
using static TorchSharp.torch;

namespace PruneNotebooks.Tests.Metrics;

public sealed class InformationCurveTests
{
    static InformationCurve Curve(params double[] largest) => new(1, new double[largest.Length], new double[largest.Length], largest);

    [Fact]
    public void Samples_are_averaged_before_windows_are_looked_at()
    {
        // Two samples of opposite sign: nothing is left of them, though each alone is large.
        using var information = tensor(new double[,,] { { { 0.5, -0.5 }, { 0.2, 0 } }, { { -0.5, 0.5 }, { 0.4, 0 } } });
        var curve = InformationCurve.Of(information, firstLayer: 3);
        double[][] expected = [[0, 0.15], [0, 0.15], [0, 0.3]];
        foreach (var (wanted, got) in expected.SelectMany(row => row).Zip([.. curve.Mean, .. curve.Deviation, .. curve.LargestAbsolute])) Assert.Equal(wanted, got, tolerance: 1e-12);
        Assert.Equal("information in layers 3 to 4, no horizon", curve.ToString());
    }

    [Theory]
    [InlineData(3, 0.5, 0.1, 0.02, 0.01)]
    [InlineData(4, 0.5, 0.01, 0.03, 0.01)]
    [InlineData(1, 0.01, 0.01, 0.0, 0.02)]
    [InlineData(null, 0.0, 0.0, 0.0, 0.021)]
    public void The_horizon_is_where_everything_stays_silent(int? horizon, params double[] largest)
    {
        Assert.Equal(horizon, Curve(largest).Horizon());
        Assert.Equal(1, Curve(largest).Horizon(epsilon: 1));
    }

    [Fact]
    public void What_is_no_measurement_is_refused()
    {
        using var flat = zeros(3, 4);
        using var bad = full([1, 2, 3], double.NaN);
        Assert.Contains("it is [3, 4]", Assert.Throws<ArgumentException>(() => InformationCurve.Of(flat)).Message, StringComparison.Ordinal);
        Assert.Contains("not a finite number", Assert.Throws<ArgumentException>(() => InformationCurve.Of(bad)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => Curve(0.5).Horizon(double.NaN));
    }
}
