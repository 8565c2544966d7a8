using System.Text.Json;
using Microsoft.DotNet.Interactive.Formatting;
using PruneNotebooks.Display;
using PruneNotebooks.Metrics;
using PruneNotebooks.Models;
using PruneNotebooks.Pruners;
using PruneNotebooks.Scenes;
using PruneNotebooks.Tokens;
using TorchSharp;

namespace PruneNotebooks.Tests.Display;

/// <summary>What a notebook gets of a value: the same calls that the kernel makes. The registrations belong to the process, so these tests take turns.</summary>
[Collection("formatters of the process")]
public sealed class NotebookDisplayTests
{
    static (string MimeType, string Content)[] Outputs(object value) =>
        [.. Formatter.GetPreferredMimeTypesFor(value.GetType()).Select(mime => (mime, value.ToDisplayString(mime)))];

    static string Only(object value)
    {
        var (mime, content) = Assert.Single(Outputs(value));
        Assert.Equal("text/plain", mime);
        return content;
    }

    public NotebookDisplayTests() => NotebookDisplay.Register(OutputForm.Live);

    [Fact]
    public void Numbers_texts_and_small_types_are_plain_text()
    {
        Assert.Equal("0.5", Only(0.5));
        Assert.Equal("144", Only(144));
        Assert.Equal("True", Only(true));
        Assert.Equal("a < b", Only("a < b"));
        Assert.Equal("[ 1, 2 ]", Only(new[] { 1, 2 }));
        Assert.Equal("12.3 ms", Only(TimeSpan.FromMilliseconds(12.34)));
        Assert.Equal("12 x 16 tokens", Only(new TokenGrid(12, 16)));
        Assert.Equal("25 %", Only(TokenBudget.Ratio(0.25)));
        Assert.Equal("decoder layer 2", Only(Stage.Decoder(2)));
        Assert.Equal("last layer", Only(Layer.Last));
        Assert.Equal("the features of the visual tokens", Only(Signals.Features));
        Assert.Equal("the features of the question's tokens", Only(new Signal.TextFeatures()));
        Assert.Equal("EveryOther\nlooks at: nothing", Only(new Traces.EveryOther()));
        Assert.Equal("Random tokens\noptions: Seed 3\nlooks at: nothing", Only(new RandomTokens { Seed = 3 }));
        Assert.Equal("[0.1, 0.25]", Only(new Interval(0.1, 0.25)));
        Assert.Equal($"{new Proportion(1, 2)}", Only(new Proportion(1, 2)));
    }

    public static TheoryData<string> Pictures => ["image", "scene", "overlay", "overlays", "list", "pictures", "scenes"];

    [Theory]
    [MemberData(nameof(Pictures))]
    public void Pictures_are_png_and_text(string what)
    {
        var image = TokenOverlayTests.Plain(96, 96);
        var overlay = TokenOverlay.Of(image, TokenGrid.Square(12), [1, 2, 3]);
        object value = what switch
        {
            "image" => image,
            "scene" => PruneNotebooks.Scenes.Scenes.Draw(7),
            "overlay" => overlay,
            "overlays" => Overlays.SideBySide(overlay, overlay),
            "pictures" => new[] { image, TokenOverlayTests.Plain(300, 400) },
            "scenes" => PruneNotebooks.Scenes.Scenes.DrawMany(1, 2).ToList(),
            _ => new List<TokenOverlay> { overlay, overlay },
        };
        var outputs = Outputs(value);
        Assert.Equal(["image/png", "text/plain"], outputs.Select(output => output.MimeType));
        Assert.InRange(RgbImage.Decode(Convert.FromBase64String(outputs[0].Content)).Width, 280, 600);
        Assert.NotEmpty(outputs[1].Content);
    }

    [Fact]
    public void A_measured_horizon_is_png_and_text_also_by_kind_and_without_its_map()
    {
        var map = InformationPictureTests.Map(3, 5, "Colour", "Count");
        foreach (object value in new object[] { map, map.ByCategory, map.Categories.ToDictionary(kind => kind, map.Of), map.Withdrawal })
        {
            var outputs = Outputs(value);
            Assert.Equal(["image/png", "text/plain"], outputs.Select(output => output.MimeType));
            Assert.InRange(RgbImage.Decode(Convert.FromBase64String(outputs[0].Content)).Width, 400, 1000);
            Assert.NotEmpty(outputs[1].Content);
        }
    }

    [Fact]
    public void Measurements_draw_themselves()
    {
        var collapse = new EntropyCollapse([[0.8, 0.4, 0.3]]);
        var profile = new AttentionProfile("tiny", TokenGrid.Square(2), Queries.Text, [new(0, "", [new(new(0.1, 0.2, 0.4, 0.3), [0.1f, 0.1f, 0.1f, 0.1f])])]);
        foreach (var (value, text) in new (object, string)[] { (collapse, EntropyPicture.Text(collapse)), (profile, AttentionPicture.Text(profile)), (profile.Bias(0), TrendPicture.Text(profile.Bias(0))) })
        {
            var outputs = Outputs(value);
            Assert.Equal(["image/png", "text/plain"], outputs.Select(output => output.MimeType));
            Assert.InRange(RgbImage.Decode(Convert.FromBase64String(outputs[0].Content)).Width, 250, 900);
            Assert.Equal(text, outputs[1].Content);
        }
    }

    [Fact]
    public void An_empty_list_of_pictures_is_nothing() => Assert.Equal("nothing", Outputs(new List<TokenOverlay>())[1].Content);

    [Fact]
    public void A_huge_picture_is_reduced_and_one_of_a_page_is_not()
    {
        Assert.Equal(960, Width(TokenOverlayTests.Plain(3000, 1000)));
        Assert.Equal(640, Width(TokenOverlayTests.Plain(640, 480)));
        Assert.Equal("picture, 3000 x 1000 pixels", Outputs(TokenOverlayTests.Plain(3000, 1000))[1].Content);

        static int Width(RgbImage image) => RgbImage.Decode(Convert.FromBase64String(Outputs(image)[0].Content)).Width;
    }

    [Fact]
    public void A_selection_says_which_tokens_stay_and_what_it_carries()
    {
        using var selection = new TokenSelection([5, 1], 8, [1, 2, 3, 4, 5, 6, 7, 0.5f], torch.zeros(2, 4));
        Assert.Equal("2 of 8 tokens (25 %): 1, 5\nscores 0.5 to 7\nmerged features float32 [2, 4] on cpu, 0 to 0, mean 0", Only(selection));
        using var large = TokenSelection.All(576);
        Assert.EndsWith("18, 19, … 573, 574, 575", Only(large), StringComparison.Ordinal);
    }

    [Fact]
    public void Plans_tables_and_traces_are_html_and_text()
    {
        foreach (object value in new object[] { Traces.TwoSteps(), Traces.TwoSteps().Plan, PruningPlan.None, new Table(["a"], [[1]]) })
        {
            var outputs = Outputs(value);
            Assert.Equal(["text/html", "text/plain"], outputs.Select(output => output.MimeType));
            Assert.DoesNotContain("<script", outputs[0].Content, StringComparison.Ordinal);
            Assert.DoesNotContain("<style", outputs[0].Content, StringComparison.Ordinal);
        }
        Assert.Equal("no pruning", Outputs(PruningPlan.None)[1].Content);
    }

    [Fact]
    public void A_plan_names_the_options_that_are_not_the_papers()
    {
        var plan = PruningPlan.At(Stage.Projector, new HiPrune(), 0.5).Then(Stage.Decoder(2), new HiPrune { Alpha = 0.2 }, 10);
        Assert.Equal(
            """
            positions kept
            stage            method                   keeps
            ---------------  -------------------  ---------
            projector        HiPrune                   50 %
            decoder layer 2  HiPrune (Alpha 0.2)  10 tokens
            """, Outputs(plan)[1].Content);
    }

    [Fact]
    public void Lists_of_results_are_tables()
    {
        var questions = Outputs(PruneNotebooks.Scenes.Scenes.Draw(7).Questions)[1].Content.Split('\n');
        Assert.Matches("^kind +question +answer$", questions[0]);
        Assert.Contains("fastervlm", Outputs(MethodCatalogue.All)[1].Content, StringComparison.Ordinal);
        var answers = PruneNotebooks.Scenes.Scenes.DrawMany(1, 3).SelectMany(scene => scene.Questions.Select(question => new SceneAnswer(scene.Seed, question, "red"))).ToList();
        Assert.StartsWith("scene  question", Outputs(answers)[1].Content, StringComparison.Ordinal);
        Assert.Matches(@"\nall +\d+(\.\d+)? % +\d", Outputs(new SceneAccuracy(PruningPlan.None, answers))[1].Content);
    }

    public static TheoryData<string, object, string> Lists => new()
    {
        { "selections", new[] { new TokenSelection([1], 4), new TokenSelection([2, 3], 4) }, "1 of 4 tokens (25 %): 1\n2 of 4 tokens (50 %): 2, 3" },
        { "stages", new List<Stage> { Stage.Projector, Stage.Decoder(3) }, "projector\ndecoder layer 3" },
        { "tensors", new[] { torch.ones(2), torch.zeros(1000, 1000) }, "float32 [2] on cpu, 1 to 1, mean 1\nfloat32 [1000, 1000] on cpu, 0 to 0, mean 0" },
        { "methods", new ITokenPruner[] { new RandomTokens { Seed = 3 } }, "method         options  looks at\n-------------  -------  --------\nRandom tokens  Seed 3   nothing" },
        { "steps", Traces.TwoSteps().Plan.Steps, "Stage            Pruner      Budget\n---------------  ----------  ------\nprojector        EveryOther    50 %\ndecoder layer 3  EveryOther    50 %" },
        { "plans", new[] { PruningPlan.None }, "plan        positions\n----------  ---------\nno pruning  kept" },
        { "tables", new[] { new Table(["a"], [[1]]), new Table(["b"], [[2]]) }, "a\n-\n1\n\nb\n-\n2" },
        { "kinds", new[] { QuestionKind.Count, QuestionKind.Text }, "QuestionKind[]\nCount\nText" },
        { "nothing", new List<TokenGrid>(), "nothing" },
    };

    [Theory]
    [MemberData(nameof(Lists))]
    public void Lists_of_our_types_are_lines_or_one_table(string what, object list, string text)
    {
        Assert.NotEmpty(what);
        Assert.Equal(text, Outputs(list)[^1].Content);
    }

    [Fact]
    public void Inside_of_dictionaries_tuples_and_objects_our_types_look_as_they_do_alone()
    {
        var image = TokenOverlayTests.Plain(96, 96);
        using var tensor = torch.ones(1000, 3);
        object[] holders = [new Dictionary<string, object> { ["image"] = image, ["tensor"] = tensor }, (image, tensor), new { image, tensor }, new object[] { image, tensor }];
        foreach (object holder in holders)
        {
            string html = holder.ToDisplayString("text/html");
            Assert.Contains("<img alt=\"picture, 96 x 96 pixels\" src=\"data:image/png;base64,", html, StringComparison.Ordinal);
            Assert.Contains("float32 [1000, 3] on cpu, 1 to 1, mean 1\n[[1, 1, 1],", html, StringComparison.Ordinal);
            Assert.InRange(html.Length, 100, 20_000);
        }
    }

    [Fact]
    public void What_has_no_form_of_its_own_is_a_table_of_its_properties()
    {
        Assert.Equal(
            """
            StageTimes
            property    value
            ---------  ------
            Vision      12 ms
            Selection  250 µs
            Prefill     30 ms
            Decode      1.5 s
            Total      1.54 s
            """, Outputs(Traces.TwoSteps().Times)[1].Content);
        string stage = Outputs(Traces.TwoSteps().Stages[0])[1].Content;
        Assert.Contains("Arrived   16 items", stage, StringComparison.Ordinal);
        Assert.Contains("Kept      0, 2, 4, 6, 8, 10, 12, 14", stage, StringComparison.Ordinal);
        Assert.Equal("Down", Only(Rounding.Down));
    }

    [Fact]
    public void Every_public_type_of_the_library_has_a_form_that_no_host_strips_and_one_inside_of_others()
    {
        var types = typeof(NotebookDisplay).Assembly.GetExportedTypes().Where(type =>
            type is { IsAbstract: false, IsGenericTypeDefinition: false } && !type.IsAssignableTo(typeof(Exception)) && !type.IsAssignableTo(typeof(Delegate)));
        Assert.All(types, type =>
        {
            Assert.Contains("text/plain", Formatter.GetPreferredMimeTypesFor(type));
            Assert.Contains("text/plain", Formatter.GetPreferredMimeTypesFor(type.MakeArrayType()));
            Assert.NotEqual(typeof(object), Formatter.GetPreferredFormatterFor(type, "text/html").Type); // the kernel's own would list every property of every property
        });
    }

    [Fact]
    public void A_tensor_is_its_summary()
    {
        using var tensor = torch.zeros(1000, 1000);
        Assert.StartsWith("float32 [1000, 1000] on cpu", Only(tensor), StringComparison.Ordinal);
    }

    [Fact]
    public void A_chart_is_a_drawing_while_someone_works_and_data_where_outputs_are_kept()
    {
        var chart = Charts.Lines([new("rank", [1, 2], [3, 4])], "layer", "rank");
        Assert.Equal(["text/html", "text/plain"], Outputs(chart).Select(output => output.MimeType));
        NotebookDisplay.Register(OutputForm.Committed);
        var outputs = Outputs(chart);
        Assert.Equal(["application/vnd.plotly.v1+json", "text/plain"], outputs.Select(output => output.MimeType));
        Assert.Equal(JsonValueKind.Array, JsonDocument.Parse(outputs[0].Content).RootElement.GetProperty("data").ValueKind);
        Assert.Equal(outputs[1].Content, PlotlyText.Of(chart));
    }

    [Fact]
    public void An_explorer_works_while_someone_looks_and_is_a_picture_where_outputs_are_kept()
    {
        var explorer = Traces.TwoSteps().Explore();
        var live = Outputs(explorer);
        Assert.Equal(["text/html", "image/png", "text/plain"], live.Select(output => output.MimeType));
        NotebookDisplay.Register(OutputForm.Committed);
        Assert.Equal(live[1..], Outputs(explorer));
        Assert.Equal(explorer.Still().ToPng(), Convert.FromBase64String(live[1].Content));
    }

    [Fact]
    public void Registering_again_changes_nothing()
    {
        var before = Outputs(Traces.TwoSteps());
        NotebookDisplay.Register(OutputForm.Live);
        Assert.Equal(before, Outputs(Traces.TwoSteps()));
    }
}
