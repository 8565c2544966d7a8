using PruneNotebooks.Metrics;

namespace PruneNotebooks.Tests.Metrics;

public sealed class BayesianSearchTests
{
    // A hill whose top is known.
    static double Hill(IReadOnlyList<double> x) => -Math.Pow(x[0] - 0.3, 2) - 2 * Math.Pow(x[1] - 0.8, 2) - Math.Pow(x[2] - 0.5, 2);

    [Fact]
    public void It_finds_the_top_of_a_hill_and_chance_does_not()
    {
        double found = BayesianSearch.Maximise(3, Hill, evaluations: 40).Max(trial => trial.Value);
        double drawn = BayesianSearch.Maximise(3, Hill, evaluations: 40, initial: 40).Max(trial => trial.Value);
        Assert.InRange(found, -0.001, 0);
        Assert.True(found > drawn, $"found {found}, drawn {drawn}");
    }

    [Fact]
    public void It_stays_in_the_cube_and_a_seed_repeats_it()
    {
        var trials = BayesianSearch.Maximise(2, x => x[0] + x[1], evaluations: 25, initial: 5, seed: 3);
        Assert.Equal(25, trials.Count);
        Assert.All(trials.SelectMany(trial => trial.Place), x => Assert.InRange(x, 0, 1));
        Assert.True(trials.Max(trial => trial.Value) > 1.9);
        Assert.Equal(trials.Select(trial => trial.Value), BayesianSearch.Maximise(2, x => x[0] + x[1], evaluations: 25, initial: 5, seed: 3).Select(trial => trial.Value));
    }

    [Fact]
    public void A_plain_is_no_reason_to_fail() => Assert.Equal(12, BayesianSearch.Maximise(2, _ => 1, evaluations: 12, initial: 3).Count);

    [Fact]
    public void Numbers_that_make_no_sense_are_named() =>
        Assert.Equal("evaluations", Assert.Throws<ArgumentOutOfRangeException>(() => BayesianSearch.Maximise(2, _ => 1, evaluations: 3, initial: 4)).ParamName);
}
