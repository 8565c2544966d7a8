using PruneNotebooks.Tool.Notebooks;
using PuppeteerSharp;

namespace PruneNotebooks.Tests.Browser;

/// <summary>A real browser without network, started once for all tests of pages; where no Chromium is installed, the tests that open a page are skipped.</summary>
[CollectionDefinition(Collection)]
public sealed class Browser : IAsyncLifetime, ICollectionFixture<Browser>
{
    public const string Collection = "pages in a browser";


    readonly TemporaryFolder folder = new();
    IBrowser? browser;
    int pages;

    public async ValueTask InitializeAsync()
    {
        if (Chromium.Find() is not { } chromium) return;
        browser = await Puppeteer.LaunchAsync(new LaunchOptions
        {
            ExecutablePath = chromium.Program,
            UserDataDir = folder["profile"],
            Args = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--host-resolver-rules=\"MAP * ~NOTFOUND\""],
            DefaultViewport = new() { Width = 1100, Height = 900 },
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null) await browser.DisposeAsync();
        folder.Dispose();
    }

    /// <summary>Opens a page; what its scripts complain about is in <see cref="OpenPage.Complaints"/>.</summary>
    /// <param name="body">The body's HTML, or a whole page.</param>
    /// <param name="requireJs">Whether RequireJS is on the page before anything else, as in a classic notebook.</param>
    public async Task<OpenPage> Open(string body, bool requireJs = false)
    {
        Assert.SkipWhen(browser is null, "There is no Chromium on this machine.");
        string file = folder[$"page-{++pages}.html"];
        string loader = requireJs ? $"<script>{await File.ReadAllTextAsync(TestData.Path("requirejs", "require.min.js"))}</script>" : "";
        await File.WriteAllTextAsync(file, body.StartsWith("<!doctype", StringComparison.Ordinal) ? body : $"<!doctype html><meta charset=\"utf-8\">{loader}{body}");
        var opened = new OpenPage(await browser!.NewPageAsync());
        await opened.Page.GoToAsync(new Uri(file).AbsoluteUri);
        return opened;
    }
}

/// <summary>A page in the browser.</summary>
public sealed class OpenPage : IAsyncDisposable
{
    readonly List<string> complaints = [];

    internal OpenPage(IPage page)
    {
        Page = page;
        page.Console += (_, e) => { if (e.Message.Type == ConsoleType.Error) complaints.Add(e.Message.Text); };
        page.PageError += (_, e) => complaints.Add(e.Message);
        page.RequestFailed += (_, e) => complaints.Add($"wanted {e.Request.Url}");
    }

    public IPage Page { get; }

    /// <summary>Errors of scripts, and addresses that the page asked for in vain.</summary>
    public IReadOnlyList<string> Complaints => complaints;

    /// <summary>What an expression of JavaScript gives.</summary>
    public Task<T> Value<T>(string script) => Page.EvaluateExpressionAsync<T>(script);

    /// <summary>Waits until an expression is true.</summary>
    public Task Until(string script) => Page.WaitForFunctionAsync($"() => {script}", new WaitForFunctionOptions { Timeout = 20000 });

    public async ValueTask DisposeAsync() => await Page.CloseAsync();
}
