using PruneNotebooks.Metrics;

namespace PruneNotebooks.Tests.Metrics;

public sealed class EntropyCollapseTests
{
    [Fact]
    public void The_collapse_is_the_layer_after_the_largest_drop()
    {
        var collapse = new EntropyCollapse([[0.8, 0.7, 0.3, 0.35, 0.2]]);
        Assert.Equal(2, collapse.Layer);
        Assert.True(collapse.Persists);
        Assert.Equal(2, collapse.PersistentLayer);
        Assert.Equal(0.4, collapse.Drop[1], tolerance: 1e-12);
        Assert.Empty(collapse.Support);
        Assert.Equal("entropy collapses at layer 2 (0.70 to 0.30, persistent)", collapse.ToString());
    }

    [Fact]
    public void Equal_drops_give_the_first() => Assert.Equal(1, new EntropyCollapse([[1, 0.5, 0]]).Layer);

    [Fact]
    public void A_dip_does_not_persist_and_a_later_step_may()
    {
        var collapse = new EntropyCollapse([[0.8, 0.3, 0.8, 0.8, 0.5, 0.5]]);
        Assert.Equal((1, false, 4), (collapse.Layer, collapse.Persists, collapse.PersistentLayer));
        Assert.Null(new EntropyCollapse([[0.1, 0.2, 0.3]]).PersistentLayer);
        Assert.False(new EntropyCollapse([[0.1, 0.2, 0.3]]).Persists);
    }

    [Fact]
    public void Pictures_are_averaged_and_drawn_again_to_say_how_sure_it_is()
    {
        // Three pictures of four collapse at 1, the fourth at 2 by as much: the mean collapses at 1, some resamples do not.
        double[] early = [1, 0, 0], late = [1, 1, 0];
        var collapse = new EntropyCollapse([early, early, early, late], seed: 1);
        Assert.Equal(1, collapse.Layer);
        Assert.Equal([1, 2], collapse.Support.Keys);
        Assert.Equal(1, collapse.Support.Values.Sum(), tolerance: 1e-12);
        // At least 3 of 4 draws late: 4 * (1/4)^3 * 3/4 + (1/4)^4 = 0.0508.
        Assert.Equal(0.0508, collapse.Support[2], tolerance: 0.02);
        Assert.Equal(collapse.Support, new EntropyCollapse([early, early, early, late], seed: 1).Support);
        Assert.Equal(1, new EntropyCollapse([early, early]).Support[1]);
    }

    [Fact]
    public void Pictures_that_do_not_fit_together_are_refused()
    {
        Assert.Contains("Picture 1 has 1 finite entropies of 2; 2, as in picture 0", Assert.Throws<ArgumentException>(() => new EntropyCollapse([[1, 2], [1, double.NaN]])).Message, StringComparison.Ordinal);
        Assert.Contains("Picture 1 has 3 finite entropies of 3; 2", Assert.Throws<ArgumentException>(() => new EntropyCollapse([[1, 2], [1, 2, 3]])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => new EntropyCollapse([]));
        Assert.Throws<ArgumentException>(() => new EntropyCollapse([[1]]));
    }
}
