using CsCheck;
using PruneNotebooks.Metrics;

namespace PruneNotebooks.Tests.Metrics;

public sealed class PairedDifferenceTests
{
    // Approval of a prime minister in two surveys of the same 1,600 people: 794 both times, 150 lost, 86 gained (Agresti, Categorical Data
    // Analysis, section 10.1: difference -0.04, standard error 0.0095).
    [Fact]
    public void The_textbook_example_comes_out()
    {
        var difference = PairedDifference.Of(Cases((794, true), (150, true), (86, false), (570, false)), Cases((794, true), (150, false), (86, true), (570, false)));
        Assert.Equal((86, 150, 1600), (difference.Gained, difference.Lost, difference.Count));
        Assert.Equal(-0.04, difference.Value, 12);
        Assert.Equal(-0.0587, difference.Interval.Low, 4);
        Assert.Equal(-0.0212, difference.Interval.High, 4);
        Assert.Equal("-4.0 points [-5.9, -2.1] of 1,600 (86 gained, 150 lost)", difference.ToString());
    }

    [Theory]
    [InlineData(5, 1, 0.21875)]
    [InlineData(1, 5, 0.21875)]
    [InlineData(0, 6, 0.03125)]
    [InlineData(3, 3, 1)]
    [InlineData(0, 0, 1)]
    public void The_exact_test_counts_coin_tosses(int gained, int lost, double expected) =>
        Assert.Equal(expected, new PairedDifference(gained, lost, 100, default).PValue(), 12);

    [Fact]
    public void Where_nothing_changed_the_interval_still_has_a_width()
    {
        bool[] same = [true, true, false];
        var difference = PairedDifference.Of(same, same);
        Assert.Equal(0, difference.Value);
        Assert.True(difference.Interval.Low < 0 && difference.Interval.High > 0);
    }

    static readonly Gen<(bool[] First, bool[] Second)> Pairs =
        Gen.Int[1, 200].SelectMany(count => Gen.Select(Gen.Bool.Array[count], Gen.Bool.Array[count]));

    [Fact]
    public void Exchanging_the_ways_turns_the_sign() => Pairs.Sample(pair =>
    {
        var (forth, back) = (PairedDifference.Of(pair.First, pair.Second), PairedDifference.Of(pair.Second, pair.First));
        Assert.Equal(forth.Value, -back.Value, tolerance: 1e-12);
        Assert.Equal(forth.Interval.Low, -back.Interval.High, tolerance: 1e-12);
        Assert.InRange(forth.Interval.Low, -1, forth.Interval.High);
    });

    [Fact]
    public void Groups_of_one_case_give_about_the_same_interval_and_groups_of_equal_cases_a_wider_one()
    {
        var random = new Random(5);
        bool[] first = [.. Enumerable.Range(0, 300).Select(_ => random.NextDouble() < 0.9)];
        bool[] second = [.. first.Select(success => success && random.NextDouble() < 0.9)];
        ulong[] own = [.. Enumerable.Range(0, 300).Select(i => (ulong)i)];
        double alone = Width(PairedDifference.Of(first, second).Interval);
        Assert.InRange(Width(PairedDifference.OfGroups(first, second, own).Interval), 0.85 * alone, 1.15 * alone);

        // Every case nine times over, said to be nine of one group: no more is known than before.
        var (first9, second9, groups9) = (Repeat(first), Repeat(second), Repeat(own));
        Assert.InRange(Width(PairedDifference.OfGroups(first9, second9, groups9).Interval), 0.85 * alone, 1.15 * alone);
        Assert.InRange(Width(PairedDifference.Of(first9, second9).Interval), 0.28 * alone, 0.38 * alone);

        static T[] Repeat<T>(T[] items) => [.. items.SelectMany(item => Enumerable.Repeat(item, 9))];
        static double Width(Interval interval) => interval.High - interval.Low;
    }

    [Fact]
    public void The_same_seed_gives_the_same_interval()
    {
        bool[] first = [true, true, false, true, false], second = [true, false, false, true, true];
        ulong[] groups = [1, 1, 2, 3, 3];
        Assert.Equal(PairedDifference.OfGroups(first, second, groups, seed: 3), PairedDifference.OfGroups(first, second, groups, seed: 3));
    }

    [Fact]
    public void Lists_that_do_not_fit_are_refused()
    {
        Assert.Equal("first", Assert.Throws<ArgumentException>(() => PairedDifference.Of([], [])).ParamName);
        Assert.Equal("second", Assert.Throws<ArgumentException>(() => PairedDifference.Of([true], [])).ParamName);
        Assert.Equal("groups", Assert.Throws<ArgumentException>(() => PairedDifference.OfGroups([true], [true], [1, 2])).ParamName);
    }

    static bool[] Cases(params (int Count, bool Success)[] runs) => [.. runs.SelectMany(run => Enumerable.Repeat(run.Success, run.Count))];
}
