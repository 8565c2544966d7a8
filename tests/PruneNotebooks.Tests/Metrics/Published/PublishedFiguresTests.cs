using Xunit.v3;

namespace PruneNotebooks.Tests.Metrics.Published;

/// <summary>The closed-form figures of papers: each follows from its formula to the printed digit, or is known by name not to.</summary>
[Trait("Category", "Figures")]
[TestMethodOrderer(typeof(UnorderedTestMethodOrderer))]     // the count comes last
public sealed class PublishedFiguresTests
{
    public static TheoryData<string> Ids => [.. PublishedFigures.ToRun.Select(figure => figure.Id)];

    [Theory, MemberData(nameof(Ids))]
    public void A_figure_follows_from_its_formula_or_is_known_not_to(string id) => CaseCount.Figures.Run(() =>
    {
        var figure = PublishedFigures.Of(id);
        double value = FigureFormulas.Of(figure)!.Value.Value(figure);
        Assert.Equal(figure.Computed, value, tolerance: 1e-11 * Math.Abs(figure.Computed));
        switch (figure.Status)
        {
            case "exact": Assert.Equal(figure.Printed, figure.AsPrinted(value)); break;
            case "off": Assert.NotEqual(figure.Printed, figure.AsPrinted(value)); break;
            default: Assert.Null(figure.Printed); break;
        }
    });

    [Fact]
    public void Exactly_these_printed_figures_do_not_follow_from_their_formula()
    {
        Assert.SkipUnless(PublishedFigures.AreOurs, "PRUNE_FIGURES names other figures than those of this repository.");
        var off = PublishedFigures.ToRun.Where(figure => figure.Printed is not null)
            .Select(figure => (figure.Id, Printed: figure.Printed!, Value: figure.AsPrinted(FigureFormulas.Of(figure)!.Value.Value(figure))))
            .Where(figure => figure.Printed != figure.Value);
        Assert.Equal(KnownMismatches.ByFigure.OrderBy(known => known.Key, StringComparer.Ordinal), off.Select(figure => KeyValuePair.Create(figure.Id, figure.Value)).OrderBy(figure => figure.Key, StringComparer.Ordinal));
    }

    [Fact]
    public void Figures_speak_of_published_models_whose_size_comes_from_their_configuration()
    {
        Assert.SkipUnless(PublishedFigures.AreOurs, "PRUNE_FIGURES names other figures than those of this repository.");
        var without = PublishedFigures.All.Where(figure => figure.HasModel && figure.ModelName is null);
        Assert.All(without, figure => Assert.Contains("DeiT-T", figure.Quantity, StringComparison.Ordinal));
    }

    [Fact]
    public void So_many_figures_follow_from_their_formula()
    {
        Assert.True(PublishedFigures.All.Count > 0, "There is no published figure at all.");
        Assert.Skip(CaseCount.Figures.Line);
    }
}
