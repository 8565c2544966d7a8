using PruneNotebooks.Metrics;
using PruneNotebooks.Tests.Display;

namespace PruneNotebooks.Tests.Metrics;

public sealed class InformationMapTests
{
    [Fact]
    public void Layers_that_are_no_neighbours_keep_their_numbers()
    {
        // Information in layers 0 to 2 of 5; measured at 0, 2 and 4 only.
        var map = InformationPictureTests.Map(horizon: 3);
        var some = map with
        {
            Layers = [0, 2, 4],
            Probes = [.. map.Probes.Select(probe => probe with { Text = [0.25f, 0.25f, 0.25f], Windows = [.. new[] { 0, 2, 4 }.SelectMany(layer => probe.Windows.Skip(4 * layer).Take(4))] })],
        };
        Assert.Equal(3, map.Horizon());
        Assert.Equal(4, some.Horizon());
        Assert.Equal(0.75, some.Curve.LargestAbsolute[1], tolerance: 1e-6);
        Assert.Equal(new Interval(4, 4), some.HorizonInterval());
        Assert.Throws<ArgumentOutOfRangeException>(() => map.Horizon(-1));
    }

    [Fact]
    public void An_interval_holds_the_number_and_is_wider_where_pictures_differ()
    {
        var alike = InformationPictureTests.Map();
        Assert.Equal(new Interval(0.75, 0.75), alike.IntervalOf(map => map.Curve.LargestAbsolute[0]));
        // The second picture tells nothing.
        var apart = alike with { Probes = [alike.Probes[0], alike.Probes[1] with { Windows = [.. Enumerable.Repeat(0.25f, 20)] }] };
        var interval = apart.IntervalOf(map => map.Curve.LargestAbsolute[0]);
        Assert.Equal((0, 0.75), (interval.Low, interval.High));
        Assert.Equal(interval, apart.IntervalOf(map => map.Curve.LargestAbsolute[0]));
        Assert.True(double.IsNaN(alike.IntervalOf(_ => double.NaN).Low));
    }

    [Fact]
    public void The_oracle_keeps_the_window_that_tells_then_those_that_come_first()
    {
        var map = InformationPictureTests.Map();
        Assert.Equal([2, 3, 6, 7], map.MostInformative(0, layer: 1, tokens: 4));
        Assert.Equal([0, 2, 3, 6, 7], map.MostInformative(0, layer: 1, tokens: 5));
        Assert.Equal([0, 1, 2, 3], map.MostInformative(0, layer: 4, tokens: 4));
        Assert.Contains("Layer 9 was not measured", Assert.Throws<ArgumentException>(() => map.MostInformative(0, 9, 4)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Kinds_come_in_the_order_of_their_first_probe()
    {
        var map = InformationPictureTests.Map(3, 5, "Where", "Count");
        Assert.Equal(["Where", "Count"], map.ByCategory.Keys);
        Assert.All(map.ByCategory, kind => Assert.All(kind.Value.Probes, probe => Assert.Equal(kind.Key, probe.Category)));
    }
}
