using PruneNotebooks.Display;
using PruneNotebooks.Pruners;
using PruneNotebooks.Tests.Display;
using PruneNotebooks.Tests.Models;
using PruneNotebooks.Tokens;

namespace PruneNotebooks.Tests.Browser;

/// <summary>Explorers as a person uses them, with mouse and keys, in a real browser.</summary>
[Collection(Browser.Collection)]
public sealed class ExplorersInABrowserTests(Browser browser, EmbeddedModel model) : IClassFixture<EmbeddedModel>
{
    /// <summary>Explorers as scripts of a test see them: <c>at(1)</c> is the shadow tree of the second, <c>bright(1, 0)</c> the tokens that are bright in its first picture.</summary>
    /// <remarks>A patch that left has 35 % of the brightness of its picture, which these tests make white: what counts is the pixel in the middle of a patch.</remarks>
    const string Eyes = """
        <script>
        const at = n => document.querySelectorAll(".prune-explorer")[n].shadowRoot;
        const part = (n, selector) => at(n).querySelector(selector);
        const slider = (n, name) => part(n, `input[aria-label^="${name}"]`);
        function bright(n, pane, rows, columns) {
          const canvas = at(n).querySelectorAll("canvas")[pane], context = canvas.getContext("2d"), found = [];
          for (let token = 0; token < rows * columns; token++) {
            const x = (token % columns + 0.5) * canvas.width / columns, y = (Math.floor(token / columns) + 0.5) * canvas.height / rows;
            if (context.getImageData(x, y, 1, 1).data[0] > 120) found.push(token);
          }
          return found;
        }
        </script>
        """;

    static readonly TokenGrid Grid = TokenGrid.Square(4);

    static Explorer TwoSteps() => Traces.TwoSteps().Explore(TokenOverlayTests.Plain(96, 96, 255, 255, 255));

    static Explorer Selection(bool scores) => new TokenSelection([0, 5, 10], 16, scores ? [.. Enumerable.Range(0, 16).Select(token => (float)(token * 7 % 16))] : null)
        .Explore(Grid, TokenOverlayTests.Plain(96, 96, 255, 255, 255));

    async Task<OpenPage> Open(bool requireJs, params Explorer[] explorers)
    {
        var page = await browser.Open(Eyes + string.Concat(explorers.Select(explorer => explorer.ToHtml())), requireJs);
        await page.Until($"[...document.querySelectorAll('.prune-explorer')].filter(e => e.shadowRoot?.querySelector('figcaption .count')?.textContent).length === {explorers.Length}");
        return page;
    }

    static Task<long[]> Bright(OpenPage page, int explorer = 0, int pane = 0, int side = 4) => page.Value<long[]>($"bright({explorer}, {pane}, {side}, {side})");

    static async Task IsBright(OpenPage page, long[] tokens, int explorer = 0, int pane = 0, int side = 4) =>
        Assert.Equal(tokens, await Bright(page, explorer, pane, side));

    static Task<string> Text(OpenPage page, string selector, int explorer = 0) => page.Value<string>($"part({explorer}, '{selector}').textContent");

    static async Task Press(OpenPage page, string element, params string[] keys)
    {
        await page.Page.EvaluateExpressionAsync($"{element}.focus()");
        foreach (string key in keys) await page.Page.Keyboard.PressAsync(key);
    }

    static async Task Hover(OpenPage page, int token, int explorer = 0, int pane = 0)
    {
        double[] box = await page.Value<double[]>($"(({{ x, y, width, height }}) => [x, y, width, height])(at({explorer}).querySelectorAll('canvas')[{pane}].getBoundingClientRect())");
        await page.Page.Mouse.MoveAsync((decimal)(box[0] + (token % 4 + 0.3) * box[2] / 4), (decimal)(box[1] + (token / 4 + 0.3) * box[3] / 4));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Stepping_back_brings_back_the_tokens_of_each_stage_and_layer(bool requireJs)
    {
        await using var page = await Open(requireJs, TwoSteps());
        Assert.Equal("decoder layer 5", await Text(page, "output"));
        await IsBright(page, [0, 4, 8, 12]);
        await Press(page, "slider(0, 'where')", "ArrowLeft", "ArrowLeft", "ArrowLeft");
        Assert.Equal("decoder layer 2", await Text(page, "output"));
        await IsBright(page, [0, 2, 4, 6, 8, 10, 12, 14]);
        await Press(page, "slider(0, 'where')", "Home");
        Assert.Equal("before any step", await Text(page, "output"));
        Assert.Equal(16, (await Bright(page)).Length);
        await Press(page, "part(0, 'button[title=\"one step on\"]')", "Enter");
        Assert.Equal("projector", await Text(page, "output"));
        Assert.Equal(8, (await Bright(page)).Length);
        Assert.Empty(page.Complaints);
    }

    [Fact]
    public async Task The_budget_keeps_the_highest_scores_and_goes_back_to_the_run()
    {
        await using var page = await Open(false, Selection(scores: true));
        await IsBright(page, [0, 5, 10]);
        // scores are 7 i mod 16: the highest are those of tokens 9, 2, 11, 4, 13
        await Press(page, "slider(0, 'how many')", "ArrowRight", "ArrowRight");
        await IsBright(page, [2, 4, 9, 11, 13]);
        Assert.Contains("5 tokens (31.3 %)", await page.Value<string>("at(0).textContent"), StringComparison.Ordinal);
        Assert.Contains("Of the 3 that stayed in the run only 0 are among the 3 highest scores", await Text(page, ".note"), StringComparison.Ordinal);
        await Press(page, "slider(0, 'how many')", "End");
        Assert.Equal(16, (await Bright(page)).Length);
        await Press(page, "part(0, 'button[title^=\"as it ran\"]')", "Space");
        await IsBright(page, [0, 5, 10]);
    }

    [Fact]
    public async Task A_budget_at_a_later_stage_ranks_only_what_arrived_there()
    {
        await using var page = await Open(false, TwoSteps());
        Assert.Equal("8", await page.Value<string>("slider(0, 'how many').max"));
        await Press(page, "slider(0, 'how many')", "Home", "ArrowRight"); // two tokens; scores grow with the place
        await IsBright(page, [12, 14]);
        await Press(page, "slider(0, 'where')", "Home");
        Assert.True(await page.Value<bool>("slider(0, 'how many').disabled")); // the first step gave no scores
        Assert.Contains("EveryOther gave no scores at projector", await Text(page, ".note"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_method_without_scores_has_no_budget_to_slide_and_says_why()
    {
        await using var page = await Open(false, Selection(scores: false));
        Assert.True(await page.Value<bool>("slider(0, 'how many').disabled"));
        Assert.Contains("gave no scores", await Text(page, ".note"), StringComparison.Ordinal);
        Assert.DoesNotContain("scores as colours", await page.Value<string>("at(0).querySelector('.paper').textContent"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_patch_tells_its_score_its_rank_and_where_it_left_to_mouse_and_keys()
    {
        await using var page = await Open(false, TwoSteps());
        await Hover(page, token: 6);
        Assert.Equal("row 1, column 2, token 6: score 0.6, rank 5 of 8 at decoder layer 3; left at decoder layer 3 (EveryOther)", await Text(page, ".info"));
        await Hover(page, token: 1);
        Assert.Equal("row 0, column 1, token 1: left at projector (EveryOther)", await Text(page, ".info"));
        await Press(page, "part(0, 'canvas')", "ArrowDown", "ArrowLeft");
        Assert.Equal("row 1, column 0, token 4: score 0.4, rank 6 of 8 at decoder layer 3; stayed to the end", await Text(page, ".info"));
        await Press(page, "part(0, 'canvas')", "Escape");
        Assert.StartsWith("Point at a patch", await Text(page, ".info"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_methods_are_shown_with_what_differs()
    {
        var explorer = Explorer.Compare(TwoSteps().Named("first"), Selection(scores: true).Named("second"));
        await using var page = await Open(false, explorer);
        await IsBright(page, [0, 4, 8, 12], pane: 0);
        await IsBright(page, [0, 5, 10], pane: 1);
        string legend = await Text(page, ".legend");
        Assert.Equal("both 1only first 3only second 2neither 10", legend);
        Assert.Contains("17 % shared", await page.Value<string>("at(0).textContent"), StringComparison.Ordinal);
        await Hover(page, token: 5, pane: 2);
        Assert.Equal("row 1, column 1, token 5\nfirst: left at projector (EveryOther)\nsecond: score 3, rank 13 of 16 at projector; stayed to the end", await Text(page, ".info"));
    }

    [Fact]
    public async Task Of_many_methods_any_two_can_be_chosen()
    {
        await using var page = await Open(false, Explorer.Compare(TwoSteps().Named("a"), Selection(true).Named("b"), Selection(false).Named("b")));
        Assert.Equal(["a", "b", "b (2)"], await page.Value<string[]>("[...part(0, 'select').options].map(option => option.textContent)"));
        await Press(page, "part(0, 'select')", "ArrowDown", "ArrowDown");
        await IsBright(page, [0, 5, 10]);
        Assert.StartsWith("both 3", await Text(page, ".legend"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explorers_on_one_page_do_not_disturb_each_other_or_the_page()
    {
        var same = TwoSteps();
        await using var page = await Open(true, same, same);
        string names = await page.Value<string>("JSON.stringify(Object.keys(window))");
        await Press(page, "slider(1, 'where')", "Home");
        Assert.Equal(4, (await Bright(page, explorer: 0)).Length);
        Assert.Equal(16, (await Bright(page, explorer: 1)).Length);
        Assert.Equal(0, await page.Value<int>("document.querySelectorAll('[id]').length"));
        Assert.Equal(names, await page.Value<string>("JSON.stringify(Object.keys(window))"));
        Assert.DoesNotContain("explorer", names, StringComparison.Ordinal);
        Assert.Empty(page.Complaints);
    }

    [Fact]
    public async Task Keys_do_not_reach_the_shortcuts_of_the_notebook()
    {
        await using var page = await Open(false, TwoSteps());
        await page.Page.EvaluateExpressionAsync("window.keys = []; document.addEventListener('keydown', event => keys.push(event.key));");
        await Press(page, "part(0, 'canvas')", "ArrowDown", "b");
        Assert.Empty(await page.Value<string[]>("window.keys"));
    }

    [Fact]
    public async Task What_the_model_saw_in_each_layer_is_what_the_explorer_shows()
    {
        var scene = model.Scenes[0];
        var answer = model.Vlm.Answer(scene.Image, scene.Questions[0].Text,
            PruningPlan.At(Stage.Projector, new HiPrune(), 0.5).Then(Stage.Decoder(3), new FastV(), 0.5));
        var explorer = answer.Trace.Explore(TokenOverlayTests.Plain(96, 96, 255, 255, 255));
        Assert.InRange(answer.Explore().ToHtml().Length, 10_000, 100_000);
        await using var page = await Open(false, explorer);
        await Press(page, "slider(0, 'where')", "Home", "ArrowRight");
        var image = answer.Trace.Images[0];
        foreach (var alive in answer.Trace.Alive)
        {
            await Press(page, "slider(0, 'where')", "ArrowRight");
            long[] places = [.. alive.Select(position => position - image.Start!.Value).Where(place => place >= 0 && place < image.Tokens)];
            await IsBright(page, places, side: image.Grid!.Value.Height);
        }
        Assert.Equal($"decoder layer {answer.Trace.Alive.Count - 1}", await Text(page, "output"));
    }

    [Fact]
    public async Task A_saved_explorer_is_a_page_that_works()
    {
        using var folder = new TemporaryFolder();
        TwoSteps().Save(folder["page.html"]);
        await using var page = await browser.Open((await File.ReadAllTextAsync(folder["page.html"], TestContext.Current.CancellationToken)).Trim());
        await page.Until("document.querySelector('.prune-explorer').shadowRoot.querySelector('.count').textContent === '4 / 16'");
        Assert.Empty(page.Complaints);
    }
}
