using System.Globalization;
using System.Text.RegularExpressions;
using PruneNotebooks.Display;
using PruneNotebooks.Tool.Notebooks;
using SkiaSharp;

namespace PruneNotebooks.Tests.Display;

/// <summary>Colours can be told apart by every reader, and text can be read.</summary>
public sealed class ColoursTests
{
    const double Distinct = 15; // several times what is just noticeable

    public static TheoryData<string> Kinds => ColourVision.All;

    [Theory, MemberData(nameof(Kinds))]
    public void Any_two_series_of_a_chart_differ(string vision) =>
        AllDiffer([.. ChartStyle.Default.Colours.Select(ColourVision.Parse)], vision);

    [Theory, MemberData(nameof(Kinds))]
    public void The_three_kinds_of_place_in_the_cache_differ(string vision) =>
        AllDiffer([.. new[] { KvPicture.Visual, KvPicture.Text, KvPicture.Gone }.Select(Rgb)], vision);

    [Theory, MemberData(nameof(Kinds))]
    public void What_only_one_of_two_methods_keeps_differs_from_what_the_other_keeps(string vision)
    {
        var colours = Regex.Matches(Resource.Text("explorer.js"), @"only(?:First|Second) = \[(\d+), (\d+), (\d+)\]").Select(found => (Number(found, 1), Number(found, 2), Number(found, 3))).ToArray();
        Assert.Equal(2, colours.Length);
        AllDiffer(colours, vision);

        static int Number(Match found, int group) => int.Parse(found.Groups[group].Value, CultureInfo.InvariantCulture);
    }

    [Theory, MemberData(nameof(Kinds))]
    public void A_higher_score_is_lighter(string vision)
    {
        foreach (var map in new[] { ColourMap.Viridis, ColourMap.Cividis })
        {
            double[] lightness = [.. Enumerable.Range(0, 33).Select(i => ColourVision.Lightness(map[i / 32.0], vision))];
            Assert.All(lightness.Zip(lightness.Skip(1)), pair => Assert.True(pair.Second > pair.First, $"{map}, {vision}: {pair}"));
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public void The_two_sides_of_zero_differ_and_zero_is_lightest(string vision)
    {
        foreach (double far in new[] { 0.1, 0.25, 0.5 })
        {
            var (less, zero, more) = (ColourMap.BlueRed[0.5 - far], ColourMap.BlueRed[0.5], ColourMap.BlueRed[0.5 + far]);
            if (far > 0.1) AllDiffer([less, zero, more], vision);
            Assert.True(ColourVision.Lightness(zero, vision) > Math.Max(ColourVision.Lightness(less, vision), ColourVision.Lightness(more, vision)));
        }
    }

    [Fact]
    public void Ink_can_be_read_on_white()
    {
        foreach (var ink in new[] { Picture.Ink, Picture.PaleInk }) Assert.InRange(ColourVision.Contrast(Rgb(ink), (255, 255, 255)), 4.5, 21);
    }

    [Theory]
    [InlineData("explorer.css")]
    [InlineData("page.css")]
    public void Every_colour_of_text_can_be_read_on_every_ground_of_its_page(string sheet)
    {
        string css = sheet == "page.css" ? PageResource.Text("Page.page.css") : Resource.Text(sheet);
        var texts = Colours(@"(?<![-\w])color: (#\w+)");
        var grounds = Colours(@"background: (#\w+)");
        Assert.NotEmpty(grounds);
        Assert.All(from text in texts from ground in grounds select (text, ground),
            pair => Assert.True(ColourVision.Contrast(ColourVision.Parse(pair.text), ColourVision.Parse(pair.ground)) >= 4.5, $"{sheet}: {pair.text} on {pair.ground}"));

        List<string> Colours(string pattern) => [.. Regex.Matches(css, pattern).Select(found => found.Groups[1].Value).Distinct()];
    }

    static (int R, int G, int B) Rgb(SKColor colour) => (colour.Red, colour.Green, colour.Blue);

    static void AllDiffer((int R, int G, int B)[] colours, string vision)
    {
        for (int i = 0; i < colours.Length; i++)
            for (int j = 0; j < i; j++)
                Assert.True(ColourVision.Distance(colours[i], colours[j], vision) >= Distinct, $"{colours[i]} and {colours[j]} look alike with {vision}");
    }
}
