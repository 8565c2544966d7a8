using System.Text.Json;
using AngleSharp.Html.Parser;
using PruneNotebooks.Display;
using PruneNotebooks.Tokens;
using TorchSharp;

namespace PruneNotebooks.Tests.Display;

/// <summary>What an explorer says and carries; how it behaves is tested in a browser.</summary>
public sealed class ExplorerTests
{
    static readonly TokenGrid Grid = TokenGrid.Square(4);

    static JsonElement Data(Explorer explorer) => JsonDocument.Parse(
        new HtmlParser().ParseDocument(explorer.ToHtml()).QuerySelector("script[type='application/json']")!.TextContent).RootElement;

    static int[] Numbers(JsonElement array) => [.. array.EnumerateArray().Select(number => number.GetInt32())];

    [Fact]
    public void It_says_in_words_what_it_shows_at_first()
    {
        var explorer = Traces.TwoSteps().Explore();
        Assert.Equal("explorer of 4 x 4 tokens; 4 of 16 stay\nEveryOther, then EveryOther: projector 16 → 8; decoder layer 3 8 → 4", $"{explorer}");
        var compared = Explorer.Compare(explorer.Named("a"), explorer.Named("b"));
        Assert.StartsWith("explorer of 4 x 4 tokens; 16 arrive, at the end a keeps 4, b keeps 4\na: projector", $"{compared}", StringComparison.Ordinal);
    }

    [Fact]
    public void Its_data_say_when_each_token_left_and_what_is_over_at_each_moment()
    {
        var data = Data(Traces.TwoSteps().Explore());
        Assert.Equal(["before any step", "projector", "decoder layer 0", "decoder layer 1", "decoder layer 2", "decoder layer 3", "decoder layer 4", "decoder layer 5"],
            data.GetProperty("moments").EnumerateArray().Select(moment => moment.GetString()));
        var path = data.GetProperty("paths")[0];
        Assert.Equal([0, 1, 1, 1, 1, 2, 2, 2], Numbers(path.GetProperty("done")));
        Assert.Equal([-1, 0, 1, 0, -1, 0, 1, 0, -1, 0, 1, 0, -1, 0, 1, 0], Numbers(path.GetProperty("left")));
        Assert.Equal(JsonValueKind.Null, path.GetProperty("steps")[0].GetProperty("scores").ValueKind);
    }

    [Fact]
    public void Scores_that_are_no_numbers_and_names_that_look_like_html_survive()
    {
        using var selection = new TokenSelection([0], 4, [float.PositiveInfinity, float.NaN, float.NegativeInfinity, 0.1f]);
        var data = Data(selection.Explore(TokenGrid.Square(2)).Named("</script><b>"));
        Assert.Equal("</script><b>", data.GetProperty("paths")[0].GetProperty("name").GetString());
        Assert.Equal("""["Infinity","NaN","-Infinity",0.1]""", data.GetProperty("paths")[0].GetProperty("steps")[0].GetProperty("scores").GetRawText());
    }

    [Fact]
    public void Merged_features_and_stages_of_the_vision_tower_have_their_place()
    {
        using var selection = new TokenSelection([1, 2], 16, features: torch.zeros(2, 3));
        var explorer = Explorer.Compare(selection.Explore(Grid, stage: Stage.Vision(3)), Traces.TwoSteps().Explore());
        Assert.Equal("selection with merged features", explorer.Names[0]);
        var data = Data(explorer);
        Assert.Equal("vision layer 3", data.GetProperty("moments")[1].GetString());
        Assert.Equal([0, 1, 1], Numbers(data.GetProperty("paths")[0].GetProperty("done"))[..3]);
        Assert.Equal([0, 0, 1], Numbers(data.GetProperty("paths")[1].GetProperty("done"))[..3]);
    }

    [Fact]
    public void Nothing_pruned_can_be_explored_too()
    {
        var explorer = (Traces.TwoSteps() with { Plan = PruningPlan.None, Stages = [] }).Explore();
        Assert.EndsWith("all tokens: all 16 tokens stay", $"{explorer}", StringComparison.Ordinal);
        Assert.NotEmpty(explorer.Still().ToPng());
    }

    [Fact]
    public void The_picture_is_carried_once_and_nothing_is_loaded()
    {
        string html = Traces.TwoSteps().Explore(TokenOverlayTests.Plain(96, 96)).ToHtml();
        Assert.Single(html.Split("data:image/png;base64,")[1..]);
        Assert.DoesNotContain("http", html, StringComparison.Ordinal);
        Assert.DoesNotContain(" id=", html, StringComparison.Ordinal);
        Assert.Equal(html, Traces.TwoSteps().Explore(TokenOverlayTests.Plain(96, 96)).ToHtml());
    }

    [Fact]
    public void The_same_name_is_not_given_twice()
    {
        var one = Traces.TwoSteps().Explore();
        Assert.Equal(["EveryOther, then EveryOther", "EveryOther, then EveryOther (2)", "x"], Explorer.Compare(one, one, one.Named("x")).Names);
    }

    [Fact]
    public void What_cannot_be_explored_is_refused_with_the_value()
    {
        var one = Traces.TwoSteps().Explore();
        using var selection = TokenSelection.All(9);
        Assert.Contains("among 9", Assert.Throws<ArgumentException>(() => selection.Explore(Grid)).Message, StringComparison.Ordinal);
        Assert.Contains("3 x 3", Assert.Throws<ArgumentException>(() => Explorer.Compare(one, selection.Explore(TokenGrid.Square(3)))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Explorer.Compare(Array.Empty<Explorer>()));
        Assert.Contains("2 methods", Assert.Throws<InvalidOperationException>(() => Explorer.Compare(one, one).Named("x")).Message, StringComparison.Ordinal);
        Assert.Contains("number 1", Assert.Throws<ArgumentOutOfRangeException>(() => Traces.TwoSteps().Explore(number: 1)).Message, StringComparison.Ordinal);
        Assert.Contains("3 x 3 pixels", Assert.Throws<ArgumentException>(() => Traces.TwoSteps().Explore(TokenOverlayTests.Plain(3, 3))).Message, StringComparison.Ordinal);
    }
}
