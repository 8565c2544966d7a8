using PuppeteerSharp;

namespace PruneNotebooks.PackageTests.FrontEnds;

/// <summary>The quickstart in the page of a Jupyter server, run to its end, in a browser that reaches nothing but that server.</summary>
[Collection(InJupyter.Name)]
public sealed class ClassicNotebookTests(JupyterHome home)
{
    const int Width = 1200, Patience = 300_000;
    const string Cells = "Jupyter.notebook.get_cells().filter(cell => cell.cell_type === 'code')";

    static string? Chromium => Environment.GetEnvironmentVariable("PRUNE_CHROMIUM") is { Length: > 0 } named ? named
        : (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .SelectMany(folder => ((string[])["chromium", "chromium-browser", "google-chrome"]).Select(name => Path.Combine(folder, name))).FirstOrDefault(File.Exists);

    [Fact]
    public async Task The_quickstart_runs_to_its_end_and_shows_its_overlays_and_its_chart()
    {
        Assert.SkipWhen(Chromium is null, "There is no Chromium here: 'apt-get install chromium' brings one.");
        string folder = home.NewFolder();
        ShortNotebook.Write("00-quickstart", folder);
        await using var server = await NotebookServer.StartAsync(home, folder);
        await using var browser = await Puppeteer.LaunchAsync(new LaunchOptions
        {
            ExecutablePath = Chromium,
            UserDataDir = home.NewFolder(),
            Args = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--host-resolver-rules=\"MAP * ~NOTFOUND, EXCLUDE 127.0.0.1\""],
            DefaultViewport = new() { Width = Width, Height = 1000 },
        });
        await using var page = await browser.NewPageAsync();
        await page.GoToAsync(server.Page("notebooks/00-quickstart.ipynb"));

        await Until("window.Jupyter?.notebook?._fully_loaded && Jupyter.notebook.kernel?.is_connected()");
        await page.EvaluateExpressionAsync("Jupyter.notebook.clear_all_output(); Jupyter.notebook.execute_all_cells()");
        await Until($"{Cells}.every(cell => typeof cell.input_prompt_number === 'number') && !Jupyter.notebook.kernel_busy");

        await Until("document.querySelectorAll('.output_area .js-plotly-plot .main-svg').length > 0");
        await KeepPictureAsync(page);
        Assert.Equal("", await page.EvaluateExpressionAsync<string>("[...document.querySelectorAll('.output_error')].map(error => error.innerText).join()"));
        int[] widths = await page.EvaluateExpressionAsync<int[]>("[...document.querySelectorAll('.output_area img')].filter(picture => !picture.closest('.js-plotly-plot')).map(picture => picture.naturalWidth)");
        Assert.True(widths.Length >= 4, $"{widths.Length} overlays");
        Assert.All(widths, width => Assert.True(width > 200, $"{width} pixels wide"));
        Assert.Equal(1, await page.EvaluateExpressionAsync<int>("document.querySelectorAll('.output_area .js-plotly-plot').length"));
        double[] chart = await page.EvaluateExpressionAsync<double[]>("(box => [box.width, box.height])(document.querySelector('.js-plotly-plot .main-svg').getBoundingClientRect())");
        Assert.All(chart, side => Assert.True(side > 200, $"{side} pixels"));
        Assert.True(await page.EvaluateExpressionAsync<int>("document.querySelectorAll('.js-plotly-plot .scatterlayer .trace').length") >= 4, "lines of four methods");

        Task Until(string condition) => page.WaitForFunctionAsync($"() => {condition}", new WaitForFunctionOptions { Timeout = Patience, PollingInterval = 250 });
    }

    /// <summary>The whole page, for a person to look at.</summary>
    static async Task KeepPictureAsync(IPage page)
    {
        int height = await page.EvaluateExpressionAsync<int>("document.querySelector('#notebook-container').scrollHeight + 200");
        await page.SetViewportAsync(new() { Width = Width, Height = height });
        string file = Path.Combine(Directory.CreateDirectory(Path.Combine(Repository.Root, "artifacts", "front-ends")).FullName, "classic-notebook.png");
        await page.ScreenshotAsync(file);
        TestContext.Current.SendDiagnosticMessage("{0}", file);
    }
}
