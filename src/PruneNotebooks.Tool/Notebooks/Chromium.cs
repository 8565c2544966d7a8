namespace PruneNotebooks.Tool.Notebooks;

/// <summary>A Chromium or Chrome on this machine, used without a window to draw charts.</summary>
public sealed record Chromium(string Program)
{
    /// <summary>The environment variable that names a browser, for one that is not found by itself.</summary>
    public const string Variable = "PRUNE_CHROMIUM";

    static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge"];
    static readonly string[] Elsewhere = ["/Applications/Google Chrome.app/Contents/MacOS/Google Chrome", "/Applications/Chromium.app/Contents/MacOS/Chromium"];

    /// <summary>The browser to use, or null when there is none.</summary>
    /// <exception cref="ArgumentException"><see cref="Variable"/> names a program that is not there.</exception>
    public static Chromium? Find()
    {
        string? program = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named
            ? (File.Exists(named) ? named : Executables.Find(named)) ?? throw new ArgumentException($"{Variable} is '{named}', and there is no such program.")
            : Names.Select(Executables.Find).Concat(Elsewhere.Where(File.Exists)).FirstOrDefault(found => found is not null);
        return program is null ? null : new(program);
    }

    /// <summary>Opens a page, lets its scripts come to their end, and returns what the page has become.</summary>
    /// <param name="page">The file.</param>
    /// <param name="patience">How long scripts may wait for timers; the browser skips such waiting.</param>
    /// <param name="cancel">Ends the browser.</param>
    public async Task<string> RenderAsync(string page, TimeSpan patience, CancellationToken cancel)
    {
        string profile = Directory.CreateTempSubdirectory("prune-chromium-").FullName;
        try
        {
            CommandResult result = await CommandResult.RunAsync(Program,
            [
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync", "--hide-scrollbars", $"--user-data-dir={profile}",
                $"--virtual-time-budget={(long)patience.TotalMilliseconds}", "--dump-dom", new Uri(page).AbsoluteUri,
            ], profile, cancel);
            return result.Output;
        }
        finally
        {
            DeleteWhenFree(profile);
        }
    }

    /// <summary>Helpers of the browser may still write for a moment after its end.</summary>
    static void DeleteWhenFree(string folder)
    {
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                Directory.Delete(folder, recursive: true);
                return;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                if (attempt == 20) return;
                Thread.Sleep(50);
            }
        }
    }
}
