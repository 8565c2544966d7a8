using PruneNotebooks.Pruners;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Tests.Pruners;

public sealed class AgilePrunerTests
{
    [Fact]
    public void Without_a_distance_it_is_FasterVlm()
    {
        var method = new AgilePruner { Step = 0 };
        using var sample = new SampleContext(new TokenGrid(6, 7), method.Needs, seed: 2);
        Assert.Equal(new FasterVlm().Select(sample.Context(), 11).Kept, method.Select(sample.Context(), 11).Kept);
    }

    [Fact]
    public void A_richer_picture_is_thinned_more_widely()
    {
        var method = new AgilePruner { AverageRank = 10, MostDistance = 2 };
        using var sample = new SampleContext(new TokenGrid(6, 7), method.Needs, seed: 2);
        var plain = method.Order(sample.Context(), 11).Thresholds;
        var rich = (method with { AverageRank = 5 }).Order(sample.Context(), 11).Thresholds;
        Assert.Equal(2 * plain[0], rich[0], tolerance: 1e-12);
        Assert.All(rich, threshold => Assert.InRange(threshold, rich[0], 2));
    }

    [Fact]
    public void Distances_can_be_those_before_the_projector()
    {
        var method = new AgilePruner { BeforeProjector = true };
        Assert.Contains(new Signal.VisionFeatures(), method.Needs);
        Assert.DoesNotContain(new Signal.Features(), method.Needs);
        Assert.Throws<ArgumentOutOfRangeException>(() => new AgilePruner { AverageRank = 0 });
    }
}
