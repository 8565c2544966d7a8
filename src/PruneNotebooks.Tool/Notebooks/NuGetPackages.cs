namespace PruneNotebooks.Tool.Notebooks;

/// <summary>The folder in which NuGet keeps the packages of this user.</summary>
static class NuGetPackages
{
    /// <summary>The folder by its usual rule: <c>NUGET_PACKAGES</c>, else <c>~/.nuget/packages</c>.</summary>
    public static string Folder => Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } set
        ? Path.GetFullPath(set)
        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
}
