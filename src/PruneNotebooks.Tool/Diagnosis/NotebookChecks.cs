using PruneNotebooks.Tool.Notebooks;

namespace PruneNotebooks.Tool.Diagnosis;

/// <summary>What notebooks need: the SDK, the kernel, its kernelspec, the package of the checked-out library, a browser for charts.</summary>
static class NotebookChecks
{
    public static async Task<IReadOnlyList<Check>> AllAsync(string folder, CancellationToken cancel) =>
        [await SdkAsync(folder, cancel), Kernel(folder), .. KernelSpecChecks.All(folder), Feed(folder), Browser()];

    static async Task<Check> SdkAsync(string folder, CancellationToken cancel)
    {
        const string topic = "SDK", next = "Install the .NET 10 SDK: https://dotnet.microsoft.com/download. Notebooks need it to restore packages.";
        try
        {
            var asked = await CommandResult.RunAsync(Executables.DotNet, ["--version"], folder, cancel);
            string version = asked.Output.Trim();
            return asked.ExitCode == 0 && int.TryParse(version.Split('.')[0], out int major) && major >= 10
                ? Check.Ok(topic, $".NET SDK {version}, {Executables.DotNet}")
                : new(topic, Health.Bad, asked.ExitCode == 0 ? $".NET SDK {version} is too old" : asked.LastLines(2), next);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return new(topic, Health.Bad, $"{Executables.DotNet} does not start: {Check.Cause(e)}", next);
        }
    }

    static Check Kernel(string folder)
    {
        try
        {
            var (_, version, installed) = KernelTool.Look(folder);
            return installed is not null
                ? Check.Ok("kernel", $"Microsoft.dotnet-interactive {version}, {installed.Library}")
                : new("kernel", Health.Warn, $"Microsoft.dotnet-interactive {version} is not restored yet", "'dotnet tool restore', or the first 'prune run', fetches it.");
        }
        catch (Exception e) when (e is KernelException or IOException or UnauthorizedAccessException)
        {
            return new("kernel", Health.Bad, Check.Cause(e), "Repair or remove .config/dotnet-tools.json.");
        }
    }

    static Check Feed(string folder)
    {
        if (Checkout.Find(folder) is not { } root) return Check.Ok("feed", "no checkout around: notebooks load the published package");
        string feeds = Path.Combine(root, "artifacts", "feed");
        int packed = Directory.Exists(feeds) ? Directory.EnumerateFiles(feeds, "*.nupkg", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 1 }).Count() : 0;
        return Check.Ok("feed", $"notebooks load the library of {root}; {(packed == 0 ? "the first 'prune run' packs it" : $"packed in {feeds}")}");
    }

    static Check Browser()
    {
        try
        {
            return Chromium.Find() is { } found
                ? Check.Ok("browser", found.Program)
                : new("browser", Health.Warn, "no Chromium or Chrome: charts of executed notebooks stay without pictures", $"Install one (apt-get install chromium), or name one in {Chromium.Variable}.");
        }
        catch (ArgumentException e)
        {
            return new("browser", Health.Bad, Check.Cause(e), $"Correct {Chromium.Variable} or unset it.");
        }
    }
}
