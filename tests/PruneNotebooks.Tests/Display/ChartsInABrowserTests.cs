using System.Diagnostics;
using PruneNotebooks.Display;

namespace PruneNotebooks.Tests.Display;

/// <summary>The live form of charts, drawn by a real browser without network; skipped where no Chromium is installed.</summary>
public sealed class ChartsInABrowserTests
{
    static readonly string? Chromium = new[] { "chromium", "chromium-browser", "google-chrome" }
        .SelectMany(name => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, name)))
        .FirstOrDefault(File.Exists);

    [Theory]
    [InlineData("")]
    [InlineData("<script>window.define = function () {}; window.define.amd = {};</script>")] // a page with RequireJS, such as a classic notebook
    public async Task The_first_chart_brings_the_script_and_the_next_one_uses_it(string loader)
    {
        var chart = Charts.Lines([new("rank </script>", [1, 2, 3], [3, 1, 2])], "layer", "rank", "A chart");
        string page = await Drawn($"{loader}{PlotlyOutput.Html(chart, withScript: false)}{PlotlyOutput.Html(chart, withScript: true)}");
        Assert.Equal(2, page.Split(">A chart</text>").Length - 1); // the titles that plotly.js drew
        Assert.DoesNotContain("from the top.</div>", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_chart_without_its_script_says_what_to_do()
    {
        string page = await Drawn(PlotlyOutput.Html(Charts.Lines([new("a", [1, 2], [3, 4])], "x", "y"), withScript: false));
        Assert.Contains("restart the kernel and run the notebook from the top.</div>", page, StringComparison.Ordinal);
    }

    static async Task<string> Drawn(string body)
    {
        Assert.SkipWhen(Chromium is null, "There is no Chromium on this machine.");
        using var folder = new TemporaryFolder();
        string file = folder["page.html"];
        await File.WriteAllTextAsync(file, $"<!doctype html><meta charset=\"utf-8\">{body}", TestContext.Current.CancellationToken);
        using var browser = Process.Start(new ProcessStartInfo(Chromium!)
        {
            ArgumentList =
            {
                "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--host-resolver-rules=MAP * ~NOTFOUND",
                $"--user-data-dir={folder["profile"]}", "--virtual-time-budget=20000", "--dump-dom", new Uri(file).AbsoluteUri,
            },
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        _ = browser.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string page = await browser.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await browser.WaitForExitAsync(TestContext.Current.CancellationToken);
        return page;
    }
}
