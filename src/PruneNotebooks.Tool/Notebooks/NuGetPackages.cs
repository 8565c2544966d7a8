namespace PruneNotebooks.Tool.Notebooks;

/// <summary>The folder in which NuGet keeps the packages of this user.</summary>
static class NuGetPackages
{
    /// <summary>The folder by its usual rule: <c>NUGET_PACKAGES</c>, else <c>~/.nuget/packages</c>.</summary>
    public static string Folder => Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } set
        ? Path.GetFullPath(set)
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    /// <summary>Asks the SDK, which also knows what a <c>nuget.config</c> says.</summary>
    public static async Task<string> AskFolderAsync(string workingDirectory, CancellationToken cancel)
    {
        CommandResult result = await CommandResult.RunAsync(Executables.DotNet, ["nuget", "locals", "global-packages", "--list", "--force-english-output"], workingDirectory, cancel);
        int colon = result.Output.IndexOf(':');
        return colon < 0 ? Folder : result.Output[(colon + 1)..].Trim();
    }
}
