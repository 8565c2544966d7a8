namespace PruneNotebooks.Benchmarks;

/// <summary>The checkout that this program was built in.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "PruneNotebooks.sln"))) return folder.FullName;
        throw new DirectoryNotFoundException($"'{AppContext.BaseDirectory}' is not inside the repository: there is no PruneNotebooks.sln above it.");
    }
}
